import { isUtf8 } from 'node:buffer';
import { CodedError } from '#errors';
import { malformedDER } from './malformed.ts';
import type { DERElement } from './reader.ts';
import { Tag } from './tags.ts';
import { encode } from './writer.ts';

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
// oxlint-disable-next-line no-control-regex -- IA5 is the whole of ASCII, controls included
const ascii = /^[\x00-\x7f]*$/;

/** Whether every character is in PrintableString's set; `*`, `&`, `@` and `_` are not. */
export function isPrintable(text: string): boolean {
  return printable.test(text);
}

export function isASCII(text: string): boolean {
  return ascii.test(text);
}

export function utf8String(text: string): Uint8Array {
  return encode(Tag.utf8String, Buffer.from(text, 'utf8'));
}

/** PrintableString where the characters allow it, otherwise UTF8String, which is also Go's choice for names. */
export function directoryString(text: string): Uint8Array {
  return isPrintable(text) ? encode(Tag.printableString, Buffer.from(text, 'latin1')) : utf8String(text);
}

/** IA5String, or `tag` in its place for IMPLICIT tagging. Fails with der-malformed on other than ASCII. */
export function ia5String(text: string, tag: number = Tag.ia5String): Uint8Array {
  if (!isASCII(text)) throw new CodedError('der-malformed', `"${text}" has characters outside ASCII`);
  return encode(tag, Buffer.from(text, 'latin1'));
}

/** Content octets of a BMPString: UTF-16, big endian. */
export function bmpOctets(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

export function bmpString(text: string): Uint8Array {
  return encode(Tag.bmpString, bmpOctets(text));
}

/** Whether `readText` knows the type. */
export function isTextTag(tag: number): boolean {
  return decoders.has(tag);
}

/** The text of any of ASN.1's string types that certificates use. T61 is read as Latin-1, as everybody does. */
export function readText(element: DERElement, what = 'string'): string {
  const decode = decoders.get(element.tag);
  if (decode === undefined) throw malformedDER(`${what} is not a string`, element.start);
  const text = decode(element.content);
  if (text === undefined) throw malformedDER(`${what} has octets that its type does not allow`, element.start);
  return text;
}

/** The ASCII text of an element, whatever its tag: for IMPLICIT IA5String. */
export function readIA5(element: DERElement, what = 'string'): string {
  const text = readASCII(element.content);
  if (text === undefined) throw malformedDER(`${what} has octets outside ASCII`, element.start);
  return text;
}

function readASCII(content: Buffer): string | undefined {
  const text = content.toString('latin1');
  return ascii.test(text) ? text : undefined;
}

function readPrintable(content: Buffer): string | undefined {
  // Widely used certificates carry '*', '@', '&' and '_' in a PrintableString; openssl, Go and Java read them.
  return readASCII(content);
}

function readUTF16(content: Buffer): string | undefined {
  return content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : undefined;
}

function readUTF32(content: Buffer): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  const points = Array.from({ length: content.length / 4 }, (_, at) => content.readUInt32BE(at * 4));
  if (!points.every((point) => point <= 0x10ffff)) return undefined;
  return points.map((point) => String.fromCodePoint(point)).join('');
}

const decoders = new Map<number, (content: Buffer) => string | undefined>([
  [Tag.utf8String, (content) => (isUtf8(content) ? content.toString('utf8') : undefined)],
  [Tag.printableString, readPrintable],
  [Tag.ia5String, readASCII],
  [Tag.teletexString, (content) => content.toString('latin1')],
  [Tag.bmpString, readUTF16],
  [Tag.universalString, readUTF32],
]);
