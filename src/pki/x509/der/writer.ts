import { Tag, constructedTag } from './tags.ts';

/**
 * The element with `tag` around `parts`, one after the other. One allocation and one copy for each level; callers on hot
 * paths keep what does not change as constants.
 *
 * The result may be a view on a shared pool: copy it (`new Uint8Array(view)`) before transferring it to another thread.
 */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = Buffer.allocUnsafe(length + headerSize(length));
  let offset = writeHeader(out, tag, length);
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encode(Tag.sequence, ...parts);
}

/** SET OF: elements in ascending order of their bytes (X.690 11.6). */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1
    ? encode(Tag.set, parts[0]!)
    : encode(Tag.set, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
}

/** EXPLICIT `[number]`. */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encode(constructedTag(number), ...parts);
}

export function octetString(content: Uint8Array): Uint8Array {
  return encode(Tag.octetString, content);
}

const noUnusedBits = Uint8Array.of(0);

/** BIT STRING of whole octets. */
export function bitString(content: Uint8Array): Uint8Array {
  return encode(Tag.bitString, noUnusedBits, content);
}

/** BIT STRING of a named bit list: `bits` are positions, trailing zero bits are left out (X.690 11.2.2). */
export function namedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return encode(Tag.bitString, noUnusedBits);
  const highest = Math.max(...bits);
  const content = new Uint8Array((highest >> 3) + 2);
  content[0] = 7 - (highest & 7);
  for (const bit of bits) content[(bit >> 3) + 1]! |= 0x80 >> (bit & 7);
  return encode(Tag.bitString, content);
}

function headerSize(length: number): number {
  if (length < 0x80) return 2;
  if (length < 0x100) return 3;
  if (length < 0x10000) return 4;
  return length < 0x1000000 ? 5 : 6;
}

function writeHeader(out: Uint8Array, tag: number, length: number): number {
  out[0] = tag;
  const size = headerSize(length);
  if (size === 2) {
    out[1] = length;
    return size;
  }
  out[1] = 0x80 | (size - 2);
  for (let at = size - 1, rest = length; at > 1; at--, rest >>>= 8) out[at] = rest & 0xff;
  return size;
}
