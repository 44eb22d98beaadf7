import { isCoded } from '#errors';
import { withAccess, type AccessOptions } from '../access.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';

export interface VersionOptions extends AccessOptions {
  readonly client?: boolean;
  readonly output?: string;
}

/** `chancery version`: this program's version, and the server's when one answers. */
export async function version(io: CliIO, own: string, options: VersionOptions): Promise<ExitCode> {
  const server = options.client ? undefined : await serverVersion(io, options);
  if (options.output === 'json')
    io.out(`${JSON.stringify({ client: own, node: process.versions.node, server }, undefined, 2)}\n`);
  else io.out(`Client: ${own} (Node ${process.versions.node})\n${server === undefined ? '' : `Server: ${server}\n`}`);
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
