import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { formatKubeconfig, ownPaths, type KubeconfigAccess } from '#edge/api';
import { administrators, gateways, viewers, type TLSMaterial, type TokenEntry } from '#edge/server';
import type { CertificateAuthority } from '#pki/issuance';
import { ensureAuthority, ensureLeaf, type PEMPair } from './identity-files.ts';
import { makePrivateDirectory, readPrivateFile, writePrivateFile } from './private-file.ts';

/** How the API of an installation shows itself, and whom it knows. */
export interface Identities {
  /** Signs the certificates of the API and of its clients. */
  readonly authority: CertificateAuthority;
  readonly tls: TLSMaterial;
  readonly tokens: readonly TokenEntry[];
  /** Of the administrator, without the server's address. */
  readonly administrator: Omit<KubeconfigAccess, 'server'>;
  readonly viewer: Omit<KubeconfigAccess, 'server'>;
  /** Stands in the address of the calendar of certificates that expire. */
  readonly calendarToken: string;
  /** Of the gateway nodes. */
  readonly gateway: Omit<KubeconfigAccess, 'server'>;
}

const hosts = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the identities from `DIR/pki`, making what is missing and renewing what grows old: an authority, the server's
 * certificate, an administrator and a gateway with client certificates, a viewer and a calendar with tokens.
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
  const client = (name: string, group: string): Promise<PEMPair> =>
    ensureLeaf(
      directory,
      name,
      { subject: { commonName: name, organizations: [group] }, usage: 'client auth' },
      authority,
      now,
    );
  const administrator = await client('administrator', administrators);
  const gateway = await client('gateway', gateways);
  const token = await ensureToken(directory, 'viewer');
  const calendarToken = await ensureToken(directory, 'calendar');
  return {
    authority,
    tls: { ...server, clientCA: ca },
    tokens: [{ sha256: tokenDigest(token), user: { username: 'viewer', groups: [viewers] } }],
    calendarToken,
    administrator: { ca, ...administrator },
    viewer: { ca, token },
    gateway: { ca, ...gateway },
  };
}

/** SHA-256, hexadecimal: all that the server is given of a token. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function ensureToken(directory: string, name: string): Promise<string> {
  const path = join(directory, `${name}.token`);
  const found = (await readPrivateFile(path))?.trim();
  if (found) return found;
  const token = randomBytes(32).toString('base64url');
  await writePrivateFile(path, `${token}\n`);
  return token;
}

/**
 * Writes `DIR/kubeconfig` for the administrator, `DIR/viewer.kubeconfig` and `DIR/gateway.kubeconfig`, and the address of
 * the calendar to `DIR/calendar.url`; answers the paths of the kubeconfigs.
 */
export async function writeKubeconfigs(
  directory: string,
  server: string,
  { administrator, viewer, gateway, calendarToken }: Identities,
): Promise<{ readonly administrator: string; readonly viewer: string; readonly gateway: string }> {
  const paths = {
    administrator: join(directory, 'kubeconfig'),
    viewer: join(directory, 'viewer.kubeconfig'),
    gateway: join(directory, 'gateway.kubeconfig'),
  };
  await writePrivateFile(paths.administrator, formatKubeconfig({ ...administrator, server }));
  await writePrivateFile(paths.viewer, formatKubeconfig({ ...viewer, server }));
  await writePrivateFile(paths.gateway, formatKubeconfig({ ...gateway, server }));
  await writePrivateFile(join(directory, 'calendar.url'), `${server}${ownPaths.calendar}?token=${calendarToken}\n`);
  return paths;
}
