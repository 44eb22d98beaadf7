import { malformedDER } from './malformed.ts';
import type { DERElement } from './reader.ts';
import { Tag } from './tags.ts';
import { encode } from './writer.ts';

const maxIntegerBytes = 4096;
const zero = Uint8Array.of(0);

/** INTEGER from a number or bigint, negative ones too. */
export function integer(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && value >= 0 && value < 0x80) return encode(Tag.integer, Uint8Array.of(value));
  return encode(Tag.integer, twosComplement(BigInt(value)));
}

/** INTEGER from the big-endian octets of a value that is not negative; leading zeros are dropped. */
export function unsignedInteger(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const digits = octets.subarray(start);
  if (digits.length === 0) return encode(Tag.integer, zero);
  return digits[0]! < 0x80 ? encode(Tag.integer, digits) : encode(Tag.integer, zero, digits);
}

/** The value of an INTEGER of at most 4096 octets. */
export function readInteger(element: DERElement, what = 'integer'): bigint {
  const octets = readIntegerOctets(element, what);
  const magnitude = BigInt(`0x${octets.toString('hex')}`);
  return octets[0]! < 0x80 ? magnitude : magnitude - (1n << BigInt(octets.length * 8));
}

/** The value of an INTEGER that must lie in 0 .. 2^31 - 1. */
export function readSmallInteger(element: DERElement, what = 'integer'): number {
  const octets = readIntegerOctets(element, what);
  if (octets.length > 4 || octets[0]! >= 0x80) throw malformedDER(`${what} is out of range`, element.start);
  return octets.readUIntBE(0, octets.length);
}

/** The big-endian two's complement octets of an INTEGER, in shortest form, a view. */
export function readIntegerOctets(element: DERElement, what = 'integer'): Buffer {
  const octets = element.expect(Tag.integer, what).content;
  if (octets.length === 0 || octets.length > maxIntegerBytes)
    throw malformedDER(`${what} has a bad size`, element.start);
  if (octets.length > 1 && isPadding(octets[0]!, octets[1]!)) {
    throw malformedDER(`${what} is not in its shortest form`, element.start);
  }
  return octets;
}

function isPadding(first: number, second: number): boolean {
  return (first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80);
}

function twosComplement(value: bigint): Uint8Array {
  let size = 1n;
  while (value < -(1n << (size * 8n - 1n)) || value >= 1n << (size * 8n - 1n)) size++;
  const digits = BigInt.asUintN(Number(size * 8n), value).toString(16);
  return Buffer.from(digits.padStart(Number(size) * 2, '0'), 'hex');
}
