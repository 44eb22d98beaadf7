import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { formatKubeconfig, type KubeconfigAccess } from '#edge/api';
import { administrators, viewers, type TLSMaterial, type TokenEntry } from '#edge/server';
import { ensureAuthority, ensureLeaf } from './identity-files.ts';
import { makePrivateDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';

/** How the API of an installation shows itself, and whom it knows. */
export interface Identities {
  readonly tls: TLSMaterial;
  readonly tokens: readonly TokenEntry[];
  /** Of the administrator, without the server's address. */
  readonly administrator: Omit<KubeconfigAccess, 'server'>;
  readonly viewer: Omit<KubeconfigAccess, 'server'>;
}

const hosts = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the identities from `DIR/pki`, making what is missing and renewing what grows old: an authority, the server's
 * certificate, an administrator with a client certificate, and a viewer with a token.
 */
export async function ensureIdentities(dataDirectory: string, now: Date): Promise<Identities> {
  const directory = join(dataDirectory, 'pki');
  await makePrivateDirectory(directory);
  const { authority, pem: ca } = await ensureAuthority(directory, now);
  const server = await ensureLeaf(
    directory,
    'server',
    { subject: { commonName: 'chancery' }, hosts, usage: 'server auth' },
    authority,
    now,
  );
  const person = { commonName: 'administrator', organizations: [administrators] };
  const administrator = await ensureLeaf(
    directory,
    'administrator',
    { subject: person, usage: 'client auth' },
    authority,
    now,
  );
  const token = await ensureToken(directory);
  return {
    tls: { ...server, clientCA: ca },
    tokens: [
      { sha256: createHash('sha256').update(token).digest('hex'), user: { username: 'viewer', groups: [viewers] } },
    ],
    administrator: { ca, ...administrator },
    viewer: { ca, token },
  };
}

async function ensureToken(directory: string): Promise<string> {
  const path = join(directory, 'viewer.token');
  const found = (await readPrivateFile(path))?.trim();
  if (found) return found;
  const token = randomBytes(32).toString('base64url');
  await writePrivateFile(path, `${token}\n`);
  return token;
}

/** Writes `DIR/kubeconfig` for the administrator and `DIR/viewer.kubeconfig`, and answers the paths. */
export async function writeKubeconfigs(
  directory: string,
  server: string,
  { administrator, viewer }: Identities,
): Promise<{ readonly administrator: string; readonly viewer: string }> {
  const paths = { administrator: join(directory, 'kubeconfig'), viewer: join(directory, 'viewer.kubeconfig') };
  await writePrivateFile(paths.administrator, formatKubeconfig({ ...administrator, server }));
  await writePrivateFile(paths.viewer, formatKubeconfig({ ...viewer, server }));
  return paths;
}
