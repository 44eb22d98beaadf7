import { isCoded } from '#errors';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';
import { withAccess, type AccessOptions } from '../server/access.ts';
import { formatValue, type ObjectForm } from '../text/object-text.ts';

export interface VersionOptions extends AccessOptions {
  readonly client?: boolean;
  readonly output?: ObjectForm;
}

/** `chancery version`: this program's version, and the server's when one answers. */
export async function version(io: CliIO, own: string, options: VersionOptions): Promise<ExitCode> {
  const server = options.client ? undefined : await serverVersion(io, options);
  const node = process.versions.node;
  if (options.output !== undefined) io.out(formatValue({ client: own, node, server }, options.output));
  else io.out(`Client: ${own} (Node ${node})\n${server === undefined ? '' : `Server: ${server}\n`}`);
  return exitCodes.done;
}

async function serverVersion(io: CliIO, options: AccessOptions): Promise<string | undefined> {
  try {
    return await withAccess(io, options, async ({ client }) => {
      const { gitVersion } = await client.json<{ gitVersion: string }>({ method: 'GET', path: '/version' });
      return gitVersion;
    });
  } catch (error) {
    if (isCoded(error, 'unreachable')) return undefined;
    throw error;
  }
}
