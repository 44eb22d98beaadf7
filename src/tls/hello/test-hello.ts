/** A ClientHello written by hand, for tests: each part can be replaced by what no client would send. */
export interface HelloParts {
  readonly version?: number;
  readonly sessionId?: Uint8Array;
  readonly suites?: Uint8Array;
  readonly compression?: Uint8Array;
  readonly extensions?: readonly (readonly [type: number, body: Uint8Array])[];
}

/** The handshake message, header included. */
export function helloMessage(parts: HelloParts = {}): Buffer {
  const body = Buffer.concat([
    uint16Bytes(parts.version ?? 0x0303),
    Buffer.alloc(32, 7),
    withLength(1, parts.sessionId ?? new Uint8Array(0)),
    withLength(2, parts.suites ?? Buffer.from([0x13, 0x01])),
    withLength(1, parts.compression ?? Buffer.from([0])),
    extensionBytes(parts.extensions),
  ]);
  return Buffer.concat([Buffer.from([1, 0]), withLength(2, body)]);
}

/** `message` in records of at most `size` bytes each. */
export function records(message: Uint8Array, size = 16_384): Buffer {
  const fragments: Buffer[] = [];
  for (let start = 0; start < message.length; start += size) {
    fragments.push(Buffer.from([22, 3, 1]), withLength(2, message.subarray(start, start + size)));
  }
  return Buffer.concat(fragments);
}

export function serverName(name: string, type = 0): [number, Buffer] {
  return [0, withLength(2, Buffer.concat([Buffer.from([type]), withLength(2, Buffer.from(name, 'latin1'))]))];
}

export function alpn(...names: string[]): [number, Buffer] {
  return [16, withLength(2, Buffer.concat(names.map((name) => withLength(1, Buffer.from(name)))))];
}

export function supportedVersions(...versions: number[]): [number, Buffer] {
  return [43, withLength(1, Buffer.concat(versions.map(uint16Bytes)))];
}

function extensionBytes(extensions: HelloParts['extensions']): Buffer {
  if (extensions === undefined) return Buffer.alloc(0);
  const bodies = extensions.map(([type, body]) => Buffer.concat([uint16Bytes(type), withLength(2, body)]));
  return withLength(2, Buffer.concat(bodies));
}

function uint16Bytes(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function withLength(lengthBytes: 1 | 2, body: Uint8Array): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(body.length, 0, lengthBytes);
  return Buffer.concat([length, body]);
}
