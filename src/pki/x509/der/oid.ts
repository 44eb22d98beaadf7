import { CodedError } from '#errors';
import { malformedDER } from './malformed.ts';
import type { DERElement } from './reader.ts';
import { Tag } from './tags.ts';
import { encode } from './writer.ts';

const maxContentBytes = 128;
const dotted = /^[0-2](?:\.(?:0|[1-9][0-9]*))+$/;

/** Whether `text` is a dotted object identifier that can be encoded: `2.5.4.3`. */
export function isOID(text: string): boolean {
  if (text.length > 256 || !dotted.test(text)) return false;
  const [first, second] = text.split('.', 2);
  return first === '2' || Number(second) < 40;
}

/** OBJECT IDENTIFIER from its dotted form. Fails with der-malformed. Keep the result on hot paths. */
export function oid(text: string): Uint8Array {
  if (!isOID(text)) throw new CodedError('der-malformed', `"${text}" is not an object identifier`);
  const [first, second, ...rest] = text.split('.').map(BigInt);
  return encode(Tag.oid, Uint8Array.from([first! * 40n + second!, ...rest].flatMap(base128)));
}

/** The dotted form of an OBJECT IDENTIFIER of at most 128 octets. */
export function readOID(element: DERElement, what = 'object identifier'): string {
  const content = element.expect(Tag.oid, what).content;
  const known = wellKnown.get(content.toString('latin1'));
  return known ?? decodeArcs(element, content, what);
}

/** Dotted forms by content octets, so that the usual identifiers are looked up instead of decoded. */
const wellKnown = new Map<string, string>();

/** Lets `readOID` look these up; for constant tables at module load only. */
export function rememberOIDs(texts: Iterable<string>): void {
  for (const text of texts) wellKnown.set(Buffer.from(oid(text).subarray(2)).toString('latin1'), text);
}

function decodeArcs(element: DERElement, content: Buffer, what: string): string {
  if (content.length === 0 || content.length > maxContentBytes || content.at(-1)! >= 0x80) {
    throw malformedDER(`${what} has a bad size`, element.start);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    if (arc === 0n && octet === 0x80) throw malformedDER(`${what} is not in its shortest form`, element.start);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const first = arcs[0]! < 80n ? arcs[0]! / 40n : 2n;
  return [first, arcs[0]! - first * 40n, ...arcs.slice(1)].join('.');
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
