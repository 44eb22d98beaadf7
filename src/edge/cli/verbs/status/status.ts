import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { openProgress } from '../../progress.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { formatValue, type ObjectForm } from '../../text/object-text.ts';
import { gather } from './gather.ts';
import { makeReport } from './report.ts';
import { formatStatus } from './status-view.ts';

export interface StatusOptions extends AccessOptions {
  readonly output?: ObjectForm;
}

/** `chancery status`: one screen over all namespaces, or one with -n. Exit code notReady when something is not. */
export async function status(io: CliIO, options: StatusOptions): Promise<ExitCode> {
  const everywhere = { ...options, allNamespaces: options.allNamespaces ?? options.namespace === undefined };
  return withAccess(io, everywhere, async (access) => {
    const report = makeReport(await gather(access, openProgress(io)));
    io.out(options.output === undefined ? formatStatus(io, report) : formatValue(report, options.output));
    return report.ready ? exitCodes.done : exitCodes.notReady;
  });
}
