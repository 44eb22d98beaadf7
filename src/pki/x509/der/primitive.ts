import { malformedDER } from './malformed.ts';
import type { DERElement } from './reader.ts';
import { Tag } from './tags.ts';

export const derNull: Uint8Array = Uint8Array.of(Tag.null, 0);
export const derTrue: Uint8Array = Uint8Array.of(Tag.boolean, 1, 0xff);
export const derFalse: Uint8Array = Uint8Array.of(Tag.boolean, 1, 0);

/** BOOLEAN; DER knows only 00 and FF (X.690 11.1). */
export function readBoolean(element: DERElement, what = 'boolean'): boolean {
  element.expect(Tag.boolean, what);
  const octet = element.source[element.contentStart];
  if (element.length !== 1 || (octet !== 0 && octet !== 0xff))
    throw malformedDER(`${what} is not 00 or FF`, element.start);
  return octet === 0xff;
}

export function readOctetString(element: DERElement, what = 'octet string'): Buffer {
  return element.expect(Tag.octetString, what).content;
}

/** A BIT STRING of whole octets, as keys and signatures are. */
export function readBitString(element: DERElement, what = 'bit string'): Buffer {
  const content = element.expect(Tag.bitString, what).content;
  if (content[0] !== 0) throw malformedDER(`${what} is not made of whole octets`, element.start);
  return content.subarray(1);
}

/** Positions of the bits that are set in a named bit list of at most 32 bits. */
export function readNamedBits(element: DERElement, what = 'bit string'): number[] {
  const bits = element.expect(Tag.bitString, what).content;
  const unused = bits[0];
  if (unused === undefined || unused > 7 || bits.length > 5)
    throw malformedDER(`${what} has a bad size`, element.start);
  if (unused > 0 && (bits.length === 1 || (bits.at(-1)! & ((1 << unused) - 1)) !== 0)) {
    throw malformedDER(`${what} has unused bits that are set`, element.start);
  }
  const positions = Array.from({ length: (bits.length - 1) * 8 }, (_, position) => position);
  return positions.filter((position) => (bits[(position >> 3) + 1]! & (0x80 >> (position & 7))) !== 0);
}
