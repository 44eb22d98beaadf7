import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ApiClient, ResourceAddress } from '#edge/api';
import { CodedError } from '#errors';
import type { KubeObject } from '#model/objects';
import {
  apiKind,
  certificateKind,
  endpointCertificateKind,
  gatewayKind,
  gatewayNodeKind,
  keystoreKind,
  tlsClientProfileKind,
  tlsServerProfileKind,
  trustBundleKind,
  truststoreKind,
  workloadKind,
} from '#model/resources';
import { whereUsed as findUsers, type UsageSnapshot, type UsageSubject, type UsedBy } from '#model/usage';
import { readTruststoreMaterial } from '#pki/material';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { readUserFile } from '../../read-file.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { discoverKinds, findKind } from '../../server/kinds.ts';
import { formatColumns } from '../../text/columns.ts';
import { formatValue, type ObjectForm } from '../../text/object-text.ts';
import { findByAlias } from '../endpoint-certs/aliases.ts';

export interface WhereUsedOptions extends AccessOptions {
  readonly output?: ObjectForm;
}

/** `chancery where-used`: of an object, a fingerprint or a certificate file. */
export async function whereUsed(io: CliIO, what: string, options: WhereUsedOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const subject = await subjectOf(io, access, what);
    const users = findUsers(await gatherUsage(access.client), subject);
    print(io, what, users, options);
    return exitCodes.done;
  });
}

/** `chancery endpoint-certs usage`. */
export async function showUsageOfEndpointCertificate(
  io: CliIO,
  alias: string,
  options: WhereUsedOptions,
): Promise<ExitCode> {
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    const { kind, metadata } = await findByAlias(client, namespace, alias);
    const subject = { kind, namespace, name: metadata.name };
    print(io, `endpoint certificate "${alias}"`, findUsers(await gatherUsage(client), subject), options);
    return exitCodes.done;
  });
}

const fingerprintPattern = /^(?:[0-9a-f]{2}:?){31}[0-9a-f]{2}$/i;

async function subjectOf(io: CliIO, access: Access, what: string): Promise<UsageSubject> {
  if (fingerprintPattern.test(what)) return { fingerprint: what.replaceAll(':', '').toLowerCase() };
  const [type, name, ...rest] = what.split('/');
  if (statSync(resolve(io.cwd, what), { throwIfNoEntry: false })?.isFile()) return fingerprintOfFile(io, what);
  if (!type || !name || rest.length > 0) {
    throw new UsageError(`"${what}" is neither TYPE/NAME, a SHA-256 fingerprint, nor a file`);
  }
  const kind = findKind(await discoverKinds(access.client), type);
  const namespace = kind.namespaced ? (access.namespace ?? 'default') : '';
  const object = await access.client.get(kind, name, namespace === '' ? undefined : namespace);
  return { kind: kind.kind, namespace, name: object.metadata.name };
}

async function fingerprintOfFile(io: CliIO, path: string): Promise<UsageSubject> {
  const { certificates } = readTruststoreMaterial([{ name: path, bytes: await readUserFile(io, path) }], {
    now: io.now(),
  });
  const [first] = certificates;
  if (first === undefined) throw new CodedError('not-found', `${path} holds no certificate`);
  return { fingerprint: first.certificate.fingerprint };
}

/** Every object that can refer to a certificate. */
async function gatherUsage(client: ApiClient): Promise<UsageSnapshot> {
  const all = <T extends KubeObject>(kind: ResourceAddress): Promise<T[]> => Array.fromAsync(client.each<T>(kind));
  const [keystores, truststores, clientProfiles, serverProfiles] = await Promise.all([
    all<NonNullable<UsageSnapshot['keystores']>[number]>(keystoreKind),
    all<NonNullable<UsageSnapshot['truststores']>[number]>(truststoreKind),
    all<NonNullable<UsageSnapshot['clientProfiles']>[number]>(tlsClientProfileKind),
    all<NonNullable<UsageSnapshot['serverProfiles']>[number]>(tlsServerProfileKind),
  ]);
  const [certificates, endpointCertificates, apis, gateways, gatewayNodes] = await Promise.all([
    all<NonNullable<UsageSnapshot['certificates']>[number]>(certificateKind),
    all<NonNullable<UsageSnapshot['endpointCertificates']>[number]>(endpointCertificateKind),
    all<NonNullable<UsageSnapshot['apis']>[number]>(apiKind),
    all<NonNullable<UsageSnapshot['gateways']>[number]>(gatewayKind),
    all<NonNullable<UsageSnapshot['gatewayNodes']>[number]>(gatewayNodeKind),
  ]);
  const [trustBundles, workloads] = await Promise.all([
    all<NonNullable<UsageSnapshot['trustBundles']>[number]>(trustBundleKind),
    all<NonNullable<UsageSnapshot['workloads']>[number]>(workloadKind),
  ]);
  const stores = { certificates, keystores, truststores, trustBundles, workloads };
  return { ...stores, clientProfiles, serverProfiles, endpointCertificates, apis, gateways, gatewayNodes };
}

function print(io: CliIO, what: string, users: readonly UsedBy[], { output }: WhereUsedOptions): void {
  if (output !== undefined) return io.out(formatValue({ items: users }, output));
  if (users.length === 0) return io.out(`Nobody uses ${what}.\n`);
  const rows = users.map(({ kind, namespace, name, via }) => [kind, namespace, name, via.join(' -> ') || 'directly']);
  io.out(formatColumns([['KIND', 'NAMESPACE', 'NAME', 'VIA'], ...rows]));
}
