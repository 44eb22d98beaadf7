import { CodedError } from '#errors';
import {
  DERCursor,
  Tag,
  directoryString,
  encode,
  ia5String,
  isASCII,
  isTextTag,
  oid,
  parseDER,
  readOID,
  readText,
  sequence,
  setOf,
  bmpOctets,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { attributeKeys, ia5Types } from './attributes.ts';

export interface NameAttribute {
  /** Dotted object identifier. */
  readonly type: string;
  /** The text, or `#` and the DER in hexadecimal when the value is not one of the string types. */
  readonly value: string;
  /** The string type it is written with. Left out: chosen when it is encoded. */
  readonly tag?: number;
}

/** A relative distinguished name: almost always one attribute. */
export type RDN = readonly NameAttribute[];

/** A distinguished name, in the order of its DER: the country first, the common name last. */
export type Name = readonly RDN[];

/** DER of the empty name. */
export const emptyName: Uint8Array = sequence();

/** Reads a Name (RFC 5280 4.1.2.4). Fails with der-malformed. */
export function readName(element: DERElement, what = 'name'): Name {
  return element
    .expect(Tag.sequence, what)
    .children()
    .map((rdn) => readRDN(rdn, what));
}

export function parseName(der: Uint8Array): Name {
  return readName(parseDER(der));
}

/** DER of a name. PrintableString where the characters allow it, else UTF8String, as Go chooses; IA5String for DC. */
export function encodeName(name: Name): Uint8Array {
  return name.length === 0 ? emptyName : sequence(...name.map((rdn) => setOf(...rdn.map(encodeAttribute))));
}

/** First value of an attribute type in the name, undefined when it is absent. */
export function nameAttribute(name: Name, type: string): string | undefined {
  return name.flat().find((attribute) => attribute.type === type)?.value;
}

/** All values of an attribute type, in order. */
export function nameAttributes(name: Name, type: string): string[] {
  return name
    .flat()
    .filter((attribute) => attribute.type === type)
    .map((attribute) => attribute.value);
}

function readRDN(element: DERElement, what: string): RDN {
  const attributes = element.expect(Tag.set, what).children();
  if (attributes.length === 0) throw new CodedError('der-malformed', `${what} has an empty part`);
  return attributes.map((attribute) => readAttribute(attribute, what));
}

function readAttribute(element: DERElement, what: string): NameAttribute {
  const fields = new DERCursor(element.expect(Tag.sequence, what));
  const type = readOID(fields.next(), what);
  const value = fields.next();
  fields.finish(what);
  if (!isTextTag(value.tag)) return { type, value: `#${value.raw.toString('hex')}` };
  return { type, value: readText(value, what), tag: value.tag };
}

const encodedTypes = new Map(Object.values(attributeKeys).map((type) => [type, oid(type)]));

function encodeAttribute({ type, value, tag }: NameAttribute): Uint8Array {
  return sequence(encodedTypes.get(type) ?? oid(type), encodeValue(type, value, tag));
}

function encodeValue(type: string, value: string, tag: number | undefined): Uint8Array {
  if (tag !== undefined) return encode(tag, encodeText(tag, value));
  if (isHexValue(value)) return Buffer.from(value.slice(1), 'hex');
  return ia5Types.has(type) && isASCII(value) ? ia5String(value) : directoryString(value);
}

/** Whether the value is the `#` form of RFC 4514 2.4; only a value without `tag` can be. */
export function isHexValue(value: string): boolean {
  return /^#(?:[0-9a-fA-F]{2})+$/.test(value);
}

function encodeText(tag: number, text: string): Uint8Array {
  if (tag === Tag.utf8String) return Buffer.from(text, 'utf8');
  if (tag === Tag.bmpString) return bmpOctets(text);
  if (tag !== Tag.universalString) return Buffer.from(text, 'latin1');
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  const octets = Buffer.alloc(points.length * 4);
  points.forEach((point, at) => octets.writeUInt32BE(point, at * 4));
  return octets;
}
