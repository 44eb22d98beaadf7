import { formatIP, parseIP } from './ip.ts';

/**
 * Address and mask of `10.0.0.0/8` or `10.0.0.0/255.0.0.0`, as name constraints write them: 8 or 32 octets. Undefined for
 * anything else.
 */
export function parseIPRange(text: string): Uint8Array | undefined {
  const [address, suffix, ...more] = text.split('/');
  const octets = parseIP(address!);
  const mask = octets && suffix !== undefined && more.length === 0 ? parseMask(suffix, octets.length) : undefined;
  if (octets === undefined || mask === undefined) return undefined;
  return Uint8Array.from([...octets.map((octet, at) => octet & mask[at]!), ...mask]);
}

function parseMask(text: string, size: number): Uint8Array | undefined {
  if (!/^\d{1,3}$/.test(text)) {
    const mask = parseIP(text);
    return mask?.length === size ? mask : undefined;
  }
  const length = Number(text);
  return length > size * 8 ? undefined : Uint8Array.from({ length: size }, (_, at) => maskOctet(length - at * 8));
}

/** CIDR text, or address/mask when the mask has holes; undefined for other than 8 or 32 octets. */
export function formatIPRange(range: Uint8Array): string | undefined {
  const half = range.length / 2;
  const address = range.length === 8 || range.length === 32 ? formatIP(range.subarray(0, half)) : undefined;
  if (address === undefined) return undefined;
  const mask = range.subarray(half);
  const length = prefixLength(mask);
  return `${address}/${length ?? formatIP(mask)}`;
}

/** Whether the address lies in the range; addresses of the other family never do (RFC 5280 4.2.1.10). */
export function isInIPRange(address: Uint8Array, range: Uint8Array): boolean {
  const half = range.length / 2;
  if (address.length !== half) return false;
  return address.every((octet, at) => (octet & range[half + at]!) === (range[at]! & range[half + at]!));
}

function maskOctet(bits: number): number {
  return bits <= 0 ? 0 : (0xff00 >> Math.min(bits, 8)) & 0xff;
}

function prefixLength(mask: Uint8Array): number | undefined {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('');
  const length = bits.indexOf('0') === -1 ? bits.length : bits.indexOf('0');
  return bits.includes('1', length) ? undefined : length;
}
