import { CodedError } from '#errors';
import { keystoreFormat } from '#pki/keystore';
import { derKind } from '#pki/material';
import { readDERContents } from './der-content.ts';
import { placed } from './gathered.ts';
import type { Gathered } from './gathered.ts';
import type { InspectOptions, Source } from './inspection.ts';
import { readJKSSource, readPKCS12Source } from './keystore-parts.ts';
import { readPEMParts } from './pem-parts.ts';

const pemBegin = '-----BEGIN ';
/** Tested without white space: a pattern that allows it within and at the end takes the square of the time. */
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Finds out by content what a source is, and reads it. Fails with `unrecognized` for anything unknown, and as the reader
 * of the format does when the whole cannot be read.
 */
export function gather({ name, bytes }: Source, options: InspectOptions): Gathered {
  const format = keystoreFormat(bytes);
  if (format === 'PKCS12') return readPKCS12Source(name, bytes, options);
  if (format !== undefined) return readJKSSource(name, bytes, format, options);
  if (Buffer.from(bytes).includes(pemBegin)) return gatherPEM(name, bytes, options);
  return gatherDER(name, bytes, options) ?? gatherBase64(name, bytes, options);
}

function gatherPEM(name: string, bytes: Uint8Array, options: InspectOptions): Gathered {
  const parts = readPEMParts(name, bytes, options);
  return { sources: [{ name, format: 'PEM', locked: hasLockedKey(parts) }], parts };
}

function gatherDER(name: string, bytes: Uint8Array, options: InspectOptions): Gathered | undefined {
  const kind = derKind(bytes);
  if (kind === undefined) return undefined;
  const parts = placed(name, '', readDERContents(bytes, kind, options));
  return { sources: [{ name, format: kind === 'pkcs7' ? 'PKCS7' : 'DER', locked: hasLockedKey(parts) }], parts };
}

function hasLockedKey(parts: Gathered['parts']): boolean {
  return parts.some((part) => part.type === 'key' && part.key === undefined);
}

/** The value of a Secret as YAML shows it: base64 around one of the other formats. */
function gatherBase64(name: string, bytes: Uint8Array, options: InspectOptions): Gathered {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(/\s+/g, '');
  const decoded = base64.test(text) ? Buffer.from(text, 'base64') : new Uint8Array();
  // Base64 of base64 is nobody's format; the decoded bytes are shorter, so this ends in any case.
  if (decoded.length < 16) throw unrecognized(name);
  return gather({ name, bytes: decoded }, options);
}

function unrecognized(name: string): CodedError {
  const what = name === '' ? 'The bytes are' : `${name} is`;
  return new CodedError('unrecognized', `${what} neither PEM, DER, PKCS#7, PKCS#12 nor JKS.`, {
    hint: 'Give a certificate, a chain, a key, a certificate request or a keystore.',
  });
}
