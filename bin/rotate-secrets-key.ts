import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rotateSecretsKey as rotate } from '#control/store';
import { exitCodes, type CliIO, type ExitCode } from '#edge/cli';
import { CodedError } from '#errors';

/** `chancery rotate-secrets-key`: a new key for the stored Secrets; refused while a server has the data directory. */
export async function rotateSecretsKey(io: CliIO, { dataDir }: { readonly dataDir: string }): Promise<ExitCode> {
  const dataDirectory = resolve(io.cwd, dataDir);
  requireDatabase(dataDirectory);
  const rotation = await rotate({ dataDirectory, secretsKey: io.env['CHANCERY_SECRETS_KEY'] });
  io.out(`${rotation.rewrapped} values in ${dataDirectory} are sealed under the new key ${rotation.keyId}.\n`);
  return exitCodes.done;
}

/** Opening a store makes one; a mistyped directory must not become one. */
function requireDatabase(dataDirectory: string): void {
  if (existsSync(join(dataDirectory, 'chancery.db'))) return;
  throw new CodedError('not-found', `there is no database in ${dataDirectory}`, {
    hint: 'Name the data directory of the server with --data-dir.',
  });
}
