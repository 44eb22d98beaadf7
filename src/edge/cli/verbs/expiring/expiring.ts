import { CodedError } from '#errors';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { fetchExpiry } from '../../server/expiry.ts';
import { formatValue, type ObjectForm } from '../../text/object-text.ts';
import { parseSpan } from '../../text/span.ts';
import { formatExpiring } from './expiring-view.ts';

export interface ExpiringOptions extends AccessOptions {
  readonly within: string;
  readonly limit: number;
  readonly output?: ObjectForm | 'wide';
}

/** `chancery expiring`: certificates of all places that end soon, over all namespaces, or one with -n. */
export async function expiring(io: CliIO, options: ExpiringOptions): Promise<ExitCode> {
  const withinSeconds = parseSpan(options.within);
  const everywhere = { ...options, allNamespaces: options.allNamespaces ?? options.namespace === undefined };
  return withAccess(io, everywhere, async (access) => {
    const list = await fetchExpiry(access, { withinSeconds, limit: options.limit });
    if (list === undefined) {
      throw new CodedError('not-found', 'this server does not watch over certificates that expire', {
        hint: "Ask a server that 'chancery up' runs.",
      });
    }
    const { output } = options;
    if (output === 'yaml' || output === 'json') io.out(formatValue(list, output));
    else if (list.items.length === 0) io.out(`Nothing expires within ${options.within}.\n`);
    else io.out(formatExpiring(io, list, output === 'wide'));
    return exitCodes.done;
  });
}
