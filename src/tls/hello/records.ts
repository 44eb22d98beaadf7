/** A client that has sent this much without completing its hello gets no further. */
export const maximumHelloBytes = 65_536;

/** Clients that split a hello do so into a few records; one record a byte is an attack on the reader. */
const maximumRecords = 128;

const handshakeContent = 22;
const clientHelloType = 1;
const recordHeaderBytes = 5;
const messageHeaderBytes = 4;
/** RFC 8446 section 5.1. */
const maximumFragmentBytes = 16_384;

/** The first handshake message without its header, or why there is none. */
export type FirstMessage = Uint8Array | 'more' | 'not-tls';

/**
 * The body of the ClientHello that `bytes` begin with, joined from the records that carry it (RFC 8446 section 5.1).
 * `more` while it may still become one. A message in one record, the usual case, is not copied.
 */
export function firstMessage(bytes: Uint8Array): FirstMessage {
  const fragments: Uint8Array[] = [];
  let [offset, gathered] = [0, 0];
  while (offset < bytes.length && fragments.length < maximumRecords) {
    const length = fragmentLength(bytes, offset);
    if (typeof length === 'string') return length;
    const fragment = bytes.subarray(offset + recordHeaderBytes, offset + recordHeaderBytes + length);
    fragments.push(fragment);
    gathered += fragment.length;
    const wanted = messageLength(fragments);
    if (wanted === undefined) return 'not-tls';
    if (gathered >= wanted) return joined(fragments).subarray(messageHeaderBytes, wanted);
    if (fragment.length < length) return short(bytes);
    offset += recordHeaderBytes + length;
  }
  return fragments.length < maximumRecords ? short(bytes) : 'not-tls';
}

/** Length of the record at `offset`; `not-tls` as soon as a byte says so. Empty handshake records are forbidden. */
function fragmentLength(bytes: Uint8Array, offset: number): number | 'more' | 'not-tls' {
  if (bytes[offset] !== handshakeContent) return 'not-tls';
  if (bytes.length > offset + 1 && bytes[offset + 1] !== 3) return 'not-tls';
  if (bytes.length < offset + recordHeaderBytes) return short(bytes);
  const length = ((bytes[offset + 3] as number) << 8) | (bytes[offset + 4] as number);
  return length >= 1 && length <= maximumFragmentBytes ? length : 'not-tls';
}

/** Bytes of the message, header included; unknown headers count as one byte more than there is. undefined: no hello. */
function messageLength(fragments: readonly Uint8Array[]): number | undefined {
  const first = fragments[0] as Uint8Array;
  const header = first.length >= messageHeaderBytes ? first : joined(fragments);
  if (header.length > 0 && header[0] !== clientHelloType) return undefined;
  if (header.length < messageHeaderBytes) return messageHeaderBytes;
  const body = ((header[1] as number) << 16) | ((header[2] as number) << 8) | (header[3] as number);
  return body <= maximumHelloBytes ? messageHeaderBytes + body : undefined;
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  return fragments.length === 1 ? (fragments[0] as Uint8Array) : Buffer.concat(fragments);
}

function short(bytes: Uint8Array): 'more' | 'not-tls' {
  return bytes.length < maximumHelloBytes ? 'more' : 'not-tls';
}
