import { isUtf8 } from 'node:buffer';
import { LineCounter, parseDocument } from 'yaml';
import { CodedError } from '#errors';
import type { Json } from '#model/objects';
import { mediaTypes, parseMediaType } from '#edge/api';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { findDuplicateKeys } from './duplicate-keys.ts';
import { countKeys, scanJSON } from './json-scan.ts';

/** A request's body as a value. */
export interface DecodedBody {
  readonly value: Json;
  /** Fields that were given more than once; the last one counts. */
  readonly duplicates: readonly string[];
}

export interface BodyLimits {
  readonly nesting: number;
  readonly yamlBytes: number;
}

/** How each media type is read. */
type Encoding = 'json' | 'yaml' | 'protobuf';

const objectEncodings: Readonly<Record<string, Encoding>> = {
  [mediaTypes.json]: 'json',
  [mediaTypes.yaml]: 'yaml',
  [mediaTypes.protobuf]: 'protobuf',
};

/** Reads an object. Fails with unsupported-media-type and bad-request. */
export function decodeObject(bytes: Uint8Array, contentType: string | undefined, limits: BodyLimits): DecodedBody {
  const type = contentType === undefined || contentType === '' ? mediaTypes.json : parseMediaType(contentType).type;
  const encoding = objectEncodings[type];
  if (encoding === undefined) throw unsupportedBody(Object.keys(objectEncodings));
  return decodeAs(encoding, bytes, limits);
}

/** 415, in the words that kubectl shows. */
export function unsupportedBody(accepted: readonly string[]): CodedError {
  const types = accepted.join(', ');
  return new CodedError(
    'unsupported-media-type',
    `the body of the request was in an unknown format - accepted media types include: ${types}`,
  );
}

/** Reads a body in a known encoding. */
export function decodeAs(encoding: Encoding, bytes: Uint8Array, limits: BodyLimits): DecodedBody {
  if (encoding === 'json') return decodeJSON(bytes, limits);
  if (encoding === 'yaml') return decodeYAML(bytes, limits);
  const value = decodeProtobuf(bytes);
  countKeys(value);
  return { value, duplicates: [] };
}

function decodeJSON(bytes: Uint8Array, limits: BodyLimits): DecodedBody {
  const { keys } = scanJSON(bytes, limits.nesting);
  const text = decodeText(bytes);
  const value = parseJSON(text);
  return { value, duplicates: countKeys(value) === keys ? [] : findDuplicateKeys(text) };
}

function decodeText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new CodedError('bad-request', 'the body is not valid UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function parseJSON(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CodedError('bad-request', 'the object provided is unrecognized: the body is not valid JSON');
  }
}

// kubectl and Helm send JSON under the name of YAML; that way is fast, and finds duplicate keys by name.
function decodeYAML(bytes: Uint8Array, limits: BodyLimits): DecodedBody {
  if (looksLikeJSON(bytes)) return decodeJSON(bytes, limits);
  if (bytes.length > limits.yamlBytes) {
    throw new CodedError('too-large', `a YAML body may have ${limits.yamlBytes} bytes`, { hint: 'Send it as JSON.' });
  }
  const value = parseYAML(decodeText(bytes));
  scanJSON(Buffer.from(JSON.stringify(value)), limits.nesting);
  countKeys(value);
  return { value, duplicates: [] };
}

function looksLikeJSON(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return first === 0x7b;
}

function parseYAML(text: string): Json {
  try {
    const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
    const [problem] = document.errors;
    if (problem !== undefined)
      throw new CodedError('bad-request', `the body is not YAML: ${firstLine(problem.message)}`);
    return document.toJS({ maxAliasCount: 50 }) as Json;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw new CodedError('bad-request', `the body cannot be read as YAML: ${firstLine((error as Error).message)}`);
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
