import { StatusError, type Status } from '#edge/api';
import { isCoded, type CodedError } from '#errors';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { paintErr, type CliIO } from './io.ts';

/** A wrong command line: printed with the usage hint, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a failed object stands, and the verb to look up in the help. */
export interface FailureContext {
  readonly place?: string;
  readonly verb?: string;
}

/** Prints what failed, where, and the mend; answers the exit code. What the server says is printed as kubectl prints it. */
export function reportFailure(
  io: Pick<CliIO, 'err' | 'isErrTerminal' | 'env'>,
  error: unknown,
  { place, verb }: FailureContext = {},
): ExitCode {
  io.err(`${headline(io, error)}\n`);
  if (error instanceof UsageError) {
    io.err(`See 'chancery ${verb === undefined ? '' : `${verb} `}--help'.\n`);
    return exitCodes.usage;
  }
  const where = place ?? (isCoded(error) ? error.field : undefined);
  const mend = isCoded(error) ? (error.hint ?? mendOf(error)) : undefined;
  if (where !== undefined) io.err(`  where: ${where}\n`);
  if (mend !== undefined) io.err(`  mend:  ${mend}\n`);
  return isCoded(error, 'unauthorized', 'unreachable') ? exitCodes.unreachable : exitCodes.failed;
}

function headline(io: Pick<CliIO, 'isErrTerminal' | 'env'>, error: unknown): string {
  const red = (text: string): string => paintErr(io, 'red', text);
  if (!(error instanceof StatusError))
    return `${red('error:')} ${error instanceof Error ? error.message : String(error)}`;
  const { status } = error;
  if (status.reason === 'Unauthorized') return `${red('error:')} You must be logged in to the server (Unauthorized)`;
  if (status.reason === 'Invalid' && status.details?.kind !== undefined)
    return `${red('error:')} ${invalidText(status)}`;
  const reason = status.reason ? ` (${status.reason})` : '';
  return `${red(`Error from server${reason}:`)} ${error.message}`;
}

function invalidText({ details = {}, message = '' }: Status): string {
  const causes = (details.causes ?? []).map(({ field, message }) => (field ? `${field}: ${message}` : String(message)));
  if (causes.length === 0) return message;
  const list = causes.length === 1 ? causes[0]! : causes.map((cause) => `\n* ${cause}`).join('');
  return `The ${details.kind} "${details.name ?? ''}" is invalid: ${list}`;
}

/** What helps against failures that the server reports without a hint of its own. */
function mendOf(error: CodedError): string | undefined {
  if (error.causes.some(({ reason }) => reason === 'FieldManagerConflict'))
    return 'Leave these fields out, or take them over with --force-conflicts.';
  if (error.code === 'unauthorized')
    return 'Use the kubeconfig of this very server: it is made anew with its data directory.';
  return undefined;
}
