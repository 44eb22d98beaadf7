import { malformed, unsupported } from './limits.ts';

/** Reads what Java's DataOutputStream wrote. Errors: `keystore-malformed` with the byte offset. */
export class JavaReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get offset(): number {
    return this.#at;
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8));
  }

  /** A view of the next `size` bytes, not a copy. */
  bytes(size: number): Uint8Array {
    const start = this.#advance(size);
    return this.#bytes.subarray(start, start + size);
  }

  /** A string in Java's modified UTF-8: each UTF-16 unit by itself, NUL as two bytes. */
  text(): string {
    const start = this.#at;
    const units: number[] = [];
    const encoded = this.bytes(this.u16());
    for (let i = 0; i < encoded.length;) {
      const unit = modifiedUnit(encoded, i);
      if (unit === undefined) throw malformed('A name is not in modified UTF-8.', `byte ${start}`);
      units.push(unit.code);
      i += unit.size;
    }
    return units.map((unit) => String.fromCharCode(unit)).join('');
  }

  #advance(size: number): number {
    const start = this.#at;
    if (size > this.#bytes.length - start) throw malformed('The keystore ends too early.', `byte ${start}`);
    this.#at += size;
    return start;
  }
}

function modifiedUnit(bytes: Uint8Array, i: number): { code: number; size: number } | undefined {
  const [a, b, c] = [bytes[i]!, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0];
  if (a < 0x80) return { code: a, size: 1 };
  if (a >> 5 === 0b110 && b >> 6 === 0b10) return { code: ((a & 0x1f) << 6) | (b & 0x3f), size: 2 };
  if (a >> 4 !== 0b1110 || b >> 6 !== 0b10 || c >> 6 !== 0b10) return undefined;
  return { code: ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f), size: 3 };
}

export function javaU16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

export function javaU32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Milliseconds since 1970, as Java's Date. */
export function javaTime(instant: Date): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(instant.getTime()));
  return bytes;
}

/** Error `keystore-unsupported` when `text` takes more than the 65,535 bytes that the format has room for. */
export function javaText(text: string, field: string): Uint8Array {
  const encoded = Buffer.from(Array.from({ length: text.length }, (_, i) => unitBytes(text.charCodeAt(i))).flat());
  if (encoded.length > 0xffff) throw unsupported('The name is longer than 65,535 bytes.', field);
  return Buffer.concat([javaU16(encoded.length), encoded]);
}

function unitBytes(unit: number): number[] {
  if (unit >= 0x01 && unit <= 0x7f) return [unit];
  if (unit <= 0x7ff) return [0xc0 | (unit >> 6), 0x80 | (unit & 0x3f)];
  return [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
}
