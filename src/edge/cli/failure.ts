import { isCoded } from '#errors';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { paint, type CliIO } from './io.ts';

/** A wrong command line: printed with the usage hint, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints what failed, where, and the mend; answers the exit code. */
export function reportFailure(io: CliIO, error: unknown): ExitCode {
  if (error instanceof UsageError) {
    io.err(`${paint(io, 'red', 'error:')} ${error.message}\nSee 'chancery --help'.\n`);
    return exitCodes.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  io.err(`${paint(io, 'red', 'error:')} ${message}\n`);
  if (isCoded(error) && error.field !== undefined) io.err(`  where: ${error.field}\n`);
  if (isCoded(error) && error.hint !== undefined) io.err(`  mend:  ${error.hint}\n`);
  return isCoded(error, 'unauthorized', 'unreachable') ? exitCodes.unreachable : exitCodes.failed;
}
