import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodedError } from '#errors';
import { inspect as inspectSources, type Inspection } from '#pki/inspect';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import type { AccessOptions } from '../../server/access.ts';
import { formatValue, type ObjectForm } from '../../text/object-text.ts';
import { formatInspection } from './inspection-view.ts';
import { findSubject } from './subject.ts';

export interface InspectOptions extends AccessOptions {
  readonly output?: ObjectForm;
  readonly passwordFile?: string;
  readonly serverName?: string;
}

/** `chancery inspect`: a file, the input, a Secret, or what a TLS server shows. Exit code failed when something is broken. */
export async function inspect(io: CliIO, what: string, options: InspectOptions): Promise<ExitCode> {
  const password = passwordOf(io, options);
  const { sources, heading, connection } = await findSubject(io, what, options);
  const inspection = inspectWith(sources, io.now(), password);
  if (options.output === undefined) io.out(heading + formatInspection(io, inspection));
  else io.out(formatValue({ ...(connection && { connection }), ...inspection }, options.output));
  return isBroken(inspection) ? exitCodes.failed : exitCodes.done;
}

function inspectWith(sources: Parameters<typeof inspectSources>[0], now: Date, password?: string): Inspection {
  return inspectSources(sources, { now, ...(password !== undefined && { password }) });
}

function isBroken({ warnings }: Inspection): boolean {
  return warnings.some(({ severity }) => severity === 'error');
}

/** Never an argument: a command line can be read by everybody on the machine. */
function passwordOf(io: CliIO, { passwordFile }: InspectOptions): string | undefined {
  if (passwordFile === undefined) return io.env['CHANCERY_PASSWORD'];
  try {
    return readFileSync(resolve(io.cwd, passwordFile), 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CodedError('not-found', `cannot read the password file "${passwordFile}"`, { cause });
  }
}
