import { resolve } from 'node:path';
import { rotateSecretsKey as rotate } from '#control/store';
import { exitCodes, type CliIO, type ExitCode } from '#edge/cli';

/** `chancery rotate-secrets-key`: a new key for the stored Secrets; refused while a server has the data directory. */
export async function rotateSecretsKey(io: CliIO, { dataDir }: { readonly dataDir: string }): Promise<ExitCode> {
  const dataDirectory = resolve(io.cwd, dataDir);
  const rotation = await rotate({ dataDirectory, secretsKey: io.env['CHANCERY_SECRETS_KEY'] });
  io.out(`${rotation.rewrapped} values in ${dataDirectory} are sealed under the new key ${rotation.keyId}.\n`);
  return exitCodes.done;
}
