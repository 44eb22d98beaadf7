import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { CodedError } from '#errors';
import { codedFileError } from '../file-errors.ts';
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

/**
 * Undefined when there is no file. Throws key-file-wrong when others than its owner may read it or it holds no keys, and
 * store-unavailable when it cannot be read.
 */
export function readKeyFile(file: string): Uint8Array[] | undefined {
  const text = withFile(file, () => {
    const status = statSync(file, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    if ((status.mode & 0o077) !== 0) throw openToOthers(file);
    return readFileSync(file, 'utf8');
  });
  return text === undefined ? undefined : parseKeys(text, file);
}

/** Replaces the keys in `file`, all at once and durably, with mode 0600. Throws store-full and store-unavailable. */
export function writeKeyFile(file: string, keys: readonly Uint8Array[]): void {
  const unfinished = `${file}.new`;
  withFile(file, () => {
    rmSync(unfinished, { force: true });
    writeDurably(unfinished, heading + keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''));
    renameSync(unfinished, file);
    syncDirectory(dirname(file));
  });
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function withFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw codedFileError(error, file);
  }
}

function openToOthers(file: string): CodedError {
  const hint = `Run: chmod 600 ${file}, and rotate the key if others could read it.`;
  return wrongKeys(file, 'may be read by other users', hint);
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
