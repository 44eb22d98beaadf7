import { isUtf8 } from 'node:buffer';
import { CodedError } from '#errors';
import { isOID, parseDER } from '../der/index.ts';
import { attributeKeys, attributeType, subjectKeys } from './attributes.ts';
import { isHexValue } from './name.ts';
import type { Name, NameAttribute } from './name.ts';

const maxTextLength = 8192;

interface TextAttribute {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads RFC 4514 text; the name is in DER order, so the RDNs are turned round. Short names are matched without regard to
 * case. Fails with name-malformed, also when a type is not known.
 */
export function parseNameText(text: string, known: Readonly<Record<string, string>> = attributeKeys): Name {
  return readRDNs(text)
    .map((rdn) => rdn.map((attribute) => resolve(attribute, known)))
    .reverse();
}

/** The name of a `literalSubject`: RFC 4514 text with the ten short names of `subjectKeys` or dotted types. */
export function parseLiteralSubject(text: string): Name {
  return parseNameText(text, subjectKeys);
}

/** The attribute types of a `literalSubject` that are not known, as written. Fails with name-malformed on bad text. */
export function unknownSubjectKeys(text: string): string[] {
  const keys = readRDNs(text)
    .flat()
    .map((attribute) => attribute.key);
  return keys.filter((key) => !isOID(key) && attributeType(key, subjectKeys) === undefined);
}

function resolve({ key, value }: TextAttribute, known: Readonly<Record<string, string>>): NameAttribute {
  const type = isOID(key) ? key : attributeType(key, known);
  if (type === undefined) throw malformed(`attribute type "${key}" is not known`);
  if (value.startsWith('#')) return { type, value: checkHex(value) };
  const text = unescapeValue(value);
  // A text that only looks like the # form must not be taken for it.
  return isHexValue(text) ? { type, value: text, tag: 0x0c } : { type, value: text };
}

function readRDNs(text: string): TextAttribute[][] {
  if (text.length > maxTextLength) throw malformed(`longer than ${maxTextLength} characters`);
  if (text.trim() === '') return [];
  return splitUnescaped(text, ',;').map((rdn) => splitUnescaped(rdn, '+').map(readAttribute));
}

function readAttribute(text: string): TextAttribute {
  const equals = text.indexOf('=');
  if (equals < 1) throw malformed(`"${text.trim()}" is not attribute=value`);
  return { key: text.slice(0, equals).trim(), value: trimUnescaped(text.slice(equals + 1)) };
}

/** Splits at any of `separators` that no backslash escapes. */
function splitUnescaped(text: string, separators: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (separators.includes(text[at]!)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Only ASCII white space: any other is part of the value. */
function trimUnescaped(value: string): string {
  const text = value.replace(/^[ \t\r\n]+/, '');
  const trimmed = text.replace(/(?<![ \t\r\n])[ \t\r\n]+$/, '');
  const isEscaped = (/\\*$/.exec(trimmed)?.[0].length ?? 0) % 2 === 1;
  return isEscaped && trimmed.length < text.length ? text.slice(0, trimmed.length + 1) : trimmed;
}

function unescapeValue(value: string): string {
  const octets: Buffer[] = [];
  for (let at = 0; at < value.length;) {
    const { text, length } = value[at] === '\\' ? readEscape(value, at) : readPlain(value, at);
    octets.push(text);
    at += length;
  }
  const joined = Buffer.concat(octets);
  if (!isUtf8(joined)) throw malformed(`"${value}" is not UTF-8`);
  return joined.toString('utf8');
}

function readPlain(value: string, at: number): { text: Buffer; length: number } {
  const next = value.indexOf('\\', at);
  const plain = value.slice(at, next === -1 ? value.length : next);
  if (/["<>\0]/.test(plain)) throw malformed(`"${value}" has a character that must be escaped`);
  return { text: Buffer.from(plain, 'utf8'), length: plain.length };
}

function readEscape(value: string, at: number): { text: Buffer; length: number } {
  const pair = value.slice(at + 1, at + 3);
  if (/^[0-9a-fA-F]{2}$/.test(pair)) return { text: Buffer.from(pair, 'hex'), length: 3 };
  if (pair === '' || !' "#+,;<=>\\'.includes(pair[0]!)) throw malformed(`"${value}" has a bad escape`);
  return { text: Buffer.from(pair[0]!, 'utf8'), length: 2 };
}

function checkHex(value: string): string {
  if (!isHexValue(value)) throw malformed(`"${value}" is not # and hexadecimal`);
  try {
    parseDER(Buffer.from(value.slice(1), 'hex'));
  } catch (cause) {
    throw malformed('a value in # form is not DER', cause);
  }
  return value.toLowerCase();
}

function malformed(message: string, cause?: unknown): CodedError {
  const hint = 'Write it as RFC 4514 does: CN=www,OU=Web,O=Example,C=DE.';
  return new CodedError('name-malformed', message, { hint, cause });
}
