import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodedError } from '#errors';
import type { CliIO } from './io.ts';

/** No certificate file comes near it; a keystore of ten thousand entries stays below. */
const largestFile = 16 * 1024 * 1024;

/** The bytes of a file that the user named, or of the input for `-`. Fails with not-found, bad-request or too-large. */
export async function readUserFile(io: Pick<CliIO, 'cwd' | 'readInput'>, path: string): Promise<Uint8Array> {
  const bytes = path === '-' ? await io.readInput() : readPlainFile(path, resolve(io.cwd, path));
  if (bytes.length > largestFile) throw tooLarge(path, bytes.length);
  if (bytes.length === 0) throw new CodedError('bad-request', `${path === '-' ? 'the input' : path} is empty`);
  return bytes;
}

function readPlainFile(path: string, absolute: string): Uint8Array {
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) throw new CodedError('not-found', `no file "${path}"`);
  if (found.isDirectory())
    throw new CodedError('bad-request', `${path} is a folder`, { hint: 'Give one of its files.' });
  if (found.size > largestFile) throw tooLarge(path, found.size);
  try {
    return readFileSync(absolute);
  } catch (cause) {
    throw new CodedError('bad-request', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

function tooLarge(path: string, size: number): CodedError {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  return new CodedError('too-large', `${path} has ${megabytes} MiB; at most 16 MiB are read`, {
    hint: 'Give the certificate or keystore file itself.',
  });
}

/** The password in a file, without the line end. Never an argument: everybody on the machine can read a command line. */
export function readPasswordFile(io: Pick<CliIO, 'cwd'>, path: string): string {
  try {
    return readFileSync(resolve(io.cwd, path), 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CodedError('not-found', `cannot read the password file "${path}"`, { cause });
  }
}
