import { isCoded } from '#errors';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { reportFailure } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { discoverKinds } from '../../server/kinds.ts';
import { parseTargets } from '../../server/targets.ts';
import type { ObjectForm } from '../../text/object-text.ts';
import { printObjects } from './print-objects.ts';
import { printTables } from './print-tables.ts';
import { watchTarget } from './watch-target.ts';

export interface GetOptions extends AccessOptions {
  readonly output?: 'wide' | 'name' | ObjectForm;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly watch?: boolean;
  /** False after --no-headers. */
  readonly headers?: boolean;
  readonly ignoreNotFound?: boolean;
  readonly showManagedFields?: boolean;
}

/** Told of an object that is not there; the verb goes on with the others. */
export type OnMissing = (error: unknown) => void;

/** `chancery get`: tables as the server renders them, or whole objects. */
export async function get(io: CliIO, args: readonly string[], options: GetOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const targets = parseTargets(await discoverKinds(access.client), args);
    if (options.watch) return watchTarget(io, access, targets, options);
    let code: ExitCode = exitCodes.done;
    const onMissing: OnMissing = (error) => {
      if (!isCoded(error, 'not-found')) throw error;
      if (!options.ignoreNotFound) code = reportFailure(io, error);
    };
    const print = options.output === undefined || options.output === 'wide' ? printTables : printObjects;
    await print(io, access, targets, options, onMissing);
    return code;
  });
}
