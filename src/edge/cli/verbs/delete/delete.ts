import { isCoded } from '#errors';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { reportFailure } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { discoverKinds, qualifiedSingular } from '../../server/kinds.ts';
import { findDoomed, type Doomed } from './doomed.ts';
import { waitUntilGone } from './until-gone.ts';

export interface DeleteOptions extends AccessOptions {
  readonly filename?: readonly string[];
  readonly selector?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly ignoreNotFound?: boolean;
  /** False after --no-wait. */
  readonly wait?: boolean;
  readonly output?: 'name';
}

/** `chancery delete`: by name, by file, by label, or all of a type; waits until finalizers have let go. */
export async function deleteObjects(io: CliIO, args: readonly string[], options: DeleteOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const doomed = await findDoomed(io, access, await discoverKinds(access.client), args, options);
    if (doomed.length === 0) io.err('No resources found\n');
    let code: ExitCode = exitCodes.done;
    const lingering: Doomed[] = [];
    for (const one of doomed) {
      const outcome = await deleteOne(io, access, one, options);
      if (outcome === 'refused') code = exitCodes.failed;
      if (outcome === 'lingering') lingering.push(one);
    }
    if (options.wait !== false && !options.dryRun) await waitUntilGone(io, access.client, lingering);
    return code;
  });
}

type Outcome = 'gone' | 'lingering' | 'refused';

async function deleteOne(
  io: CliIO,
  { client }: Access,
  { kind, name, namespace }: Doomed,
  options: DeleteOptions,
): Promise<Outcome> {
  try {
    const request = { ...(namespace !== undefined && { namespace }), dryRun: options.dryRun ?? false };
    const answer = await client.delete(kind, name, { ...request, propagationPolicy: 'Background' });
    const from = namespace === undefined ? '' : ` from ${namespace} namespace`;
    const title = qualifiedSingular(kind);
    if (options.output === 'name') io.out(`${title}/${name}\n`);
    else io.out(`${title} "${name}" deleted${from}${options.dryRun ? ' (server dry run)' : ''}\n`);
    return answer.kind === 'Status' ? 'gone' : 'lingering';
  } catch (error) {
    if (!isCoded(error, 'not-found', 'conflict', 'forbidden', 'invalid')) throw error;
    if (options.ignoreNotFound && error.code === 'not-found') return 'gone';
    reportFailure(io, error);
    return 'refused';
  }
}
