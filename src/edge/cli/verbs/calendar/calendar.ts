import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CodedError } from '#errors';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';

/** `chancery calendar`: the address of the calendar of certificates that expire, for a calendar program to subscribe to. */
export function calendar(io: CliIO, { dataDir }: { readonly dataDir: string }): ExitCode {
  const path = resolve(io.cwd, join(dataDir, 'calendar.url'));
  io.out(`${readAddress(path)}\n`);
  return exitCodes.done;
}

function readAddress(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new CodedError('not-found', `no address of a calendar at ${path}`, {
      hint: "Start the server there with 'chancery up', or name its data directory with --data-dir.",
      cause,
    });
  }
}
