import { CodedError } from '#errors';
import { keystoreFormat } from '#pki/keystore';
import { findInJKS, findInPKCS12 } from './container-file.ts';
import { derKind } from './der-kind.ts';
import { findInDER } from './der-file.ts';
import { located } from './found.ts';
import type { FoundFile } from './found.ts';
import { assertFileSize, sizeLimits } from './limits.ts';
import type { MaterialFile } from './material.ts';
import { findInPEM } from './pem-file.ts';

/** How a file is opened, and whether a private key in it is what was asked for. */
export interface Access {
  readonly password: string | undefined;
  readonly keyPassword: string | undefined;
  readonly workLimit: number;
  readonly keys: 'wanted' | 'refused';
}

/**
 * Finds out by content, not by name, what the file is, and reads it. Errors: `material-too-large`, `unrecognized`, and
 * those of the format's reader; where the file has a name it stands in front.
 */
export function findMaterial({ name, bytes }: MaterialFile, access: Access): FoundFile {
  assertFileSize(bytes, name);
  return located(name, () => findByContent(name, bytes, access));
}

function findByContent(name: string, bytes: Uint8Array, access: Access): FoundFile {
  const format = keystoreFormat(bytes);
  if (format === 'PKCS12') return findInPKCS12(name, bytes, access);
  if (format !== undefined) return findInJKS(name, bytes, format, access);
  // A sequence; looking closer at a text would cost a thrown error each time.
  const kind = bytes[0] === 0x30 ? derKind(bytes) : undefined;
  if (kind !== undefined) return findInDER(name, bytes, kind, access);
  const text = textOf(bytes);
  if (text.includes('-----BEGIN ')) return findInPEM(name, text, access);
  return findByContent(name, decoded(text), access);
}

/** Latin-1 loses nothing of PEM and base64; Windows writes text files in UTF-16, with a byte order mark. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return buffer.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return bigEndianText(buffer.subarray(2));
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return buffer.subarray(hasMark ? 3 : 0).toString('latin1');
}

function bigEndianText(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le');
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Shorter than any certificate or key. */
const least = 16;

/** Base64 around one of the other formats, as in the YAML of a Secret. What is decoded is shorter, so this ends. */
function decoded(text: string): Uint8Array {
  // White space goes first: a pattern that allows it within and at the end takes the square of the time.
  const encoded = text.length > sizeLimits.base64Characters ? '' : text.replaceAll(/\s+/g, '');
  const bytes = base64.test(encoded) ? Uint8Array.from(Buffer.from(encoded, 'base64')) : new Uint8Array();
  if (bytes.length >= least) return bytes;
  throw new CodedError('unrecognized', 'The content is neither PEM, DER, PKCS#7, PKCS#12, JKS nor JCEKS.', {
    hint: 'Give a certificate, a chain, a private key with its certificate, or a keystore file.',
  });
}
