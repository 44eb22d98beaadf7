import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { CodedError } from '#errors';
import { syncDirectory } from '../sqlite-file.ts';
import { keyBytes } from './keyring.ts';

const heading =
  '# Encrypts the secrets in the database beside it. Keep a copy in a safe place: without it they are lost.\n';

/**
 * The 32-byte keys in `text`, the primary first: base64 or hexadecimal, separated by white space or commas; a line that
 * begins with # says nothing. Throws key-file-wrong, and never repeats a key. `source` names where the text is from.
 */
export function parseKeys(text: string, source: string): Uint8Array[] {
  const words = text
    .replaceAll(/^#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) throw wrongKeys(source, 'holds no key');
  return words.map((word, index) => parseKey(word, `${source}, key ${index + 1}`));
}

/** Undefined when there is no file. Throws key-file-wrong when others than its owner may read it, or it holds no keys. */
export function readKeyFile(file: string): Uint8Array[] | undefined {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if ((status.mode & 0o077) !== 0) {
    throw wrongKeys(
      file,
      'may be read by other users',
      `Run: chmod 600 ${file}, and rotate the keys if others could read it.`,
    );
  }
  return parseKeys(readFileSync(file, 'utf8'), file);
}

/** Replaces the keys in `file`, all at once and durably, with mode 0600. */
export function writeKeyFile(file: string, keys: readonly Uint8Array[]): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const descriptor = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(descriptor, heading + keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
  syncDirectory(dirname(file));
}

export function newKey(): Uint8Array {
  return randomBytes(keyBytes);
}

const hexadecimal = /^[0-9a-f]{64}$/i;
const base64 = /^[A-Za-z0-9+/_-]{43}=?$/;

function parseKey(word: string, place: string): Uint8Array {
  if (hexadecimal.test(word)) return Buffer.from(word, 'hex');
  if (base64.test(word)) return Buffer.from(word, 'base64');
  throw wrongKeys(place, 'is not a key of 32 bytes in base64 or hexadecimal');
}

function wrongKeys(source: string, reason: string, hint?: string): CodedError {
  return new CodedError('key-file-wrong', `${source} ${reason}`, {
    field: source,
    hint: hint ?? 'Put back the key file (secrets.key) that belongs to this database.',
  });
}
