import { readFileSync } from 'node:fs';
import type { ApiClient } from '#edge/api';
import { declare } from '#edge/installation';
import type { Draft } from '#model/objects';
import {
  builtinKinds,
  certificateKind,
  createRegistry,
  workloadKind,
  type Certificate,
  type Workload,
} from '#model/resources';
import { hasReached, isReady } from '../agent/reached.ts';
import type { TestServerProcess } from '../agent/servers.ts';
import { until } from './until.ts';

/** What is declared: a CA, a bundle of it, and Workloads that all call each other with mutual TLS. */

export const namespace = 'estate';
export const authority = 'ca';
export const bundle = 'trust';
export const serverName = 'site.invalid';

const certManager = 'cert-manager.io/v1';
const chancery = 'chancery.dev/v1';
const privateKey = { algorithm: 'ECDSA', size: 256 };

/** An instance of a Workload; who calls from there uses its files. */
export interface Member {
  readonly name: string;
  /** Where this instance of it runs. */
  readonly site?: string;
  readonly instance: string;
  readonly server: Pick<TestServerProcess, 'port' | 'driver' | 'reload' | 'files'>;
}

export function object(apiVersion: string, kind: string, name: string, content: object): Draft {
  return { apiVersion, kind, metadata: { name, namespace }, ...content };
}

/** The CA with its issuer, and the bundle. */
function foundation(): Draft[] {
  const spec = {
    isCA: true,
    commonName: 'Estate CA',
    secretName: authority,
    privateKey,
    issuerRef: { name: 'self' },
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    object(certManager, 'Issuer', 'self', { spec: { selfSigned: {} } }),
    object(certManager, 'Certificate', authority, { spec }),
    object(certManager, 'Issuer', authority, { spec: { ca: { secretName: authority } } }),
    object(chancery, 'TrustBundle', bundle, { spec: { sources: [{ certificateRef: { name: authority } }] } }),
  ];
}

function leaf(name: string): Draft {
  const usages = ['digital signature', 'server auth', 'client auth'];
  const spec = { secretName: name, dnsNames: [serverName], usages, privateKey, issuerRef: { name: authority } };
  return object(certManager, 'Certificate', name, { spec });
}

/** The Workload of members of one name; each of `calls` is a Workload that it calls. */
function workload(members: readonly Member[], calls: readonly string[]): Draft {
  const [{ name, server }] = members as readonly [Member, ...Member[]];
  const spec: Workload['spec'] = {
    driver: server.driver,
    reload: server.reload,
    files: [...server.files],
    presents: [{ name: 'own', certificateRef: { name } }],
    trusts: [{ name: 'clients', trustBundleRef: { name: bundle } }],
    instances: members.map(({ instance, site, server: { port } }) => ({
      name: instance,
      address: `127.0.0.1:${port}`,
      ...(site === undefined ? {} : { site }),
    })),
    listens: [{ name: 'tls', presents: 'own', clientTrust: 'clients', mutualAuthentication: 'require', serverName }],
    connectsTo: calls.map((called) => ({ workload: called, presents: 'own', trusts: 'clients' })),
  };
  return object(chancery, 'Workload', name, { spec });
}

/** Declares everything, and waits until it is issued. */
export async function declareEstate(client: ApiClient, members: readonly Member[]): Promise<void> {
  const names = [...new Set(members.map(({ name }) => name))];
  const workloads = names.map((name) =>
    workload(
      members.filter((one) => one.name === name),
      names.filter((other) => other !== name),
    ),
  );
  const objects = [...foundation(), ...names.map((name) => leaf(name)), ...workloads];
  const manifests = objects.map((one) => ({ object: one, place: `${one.kind} ${one.metadata.name}` }));
  for (const done of await declare(client, createRegistry(builtinKinds), manifests)) {
    if ('refused' in done) throw new Error(`${done.place} was refused`, { cause: done.refused });
  }
  await until('certificates', 20, async () => {
    const { items } = await client.list<Certificate>(certificateKind, { namespace });
    return items.length > names.length && items.every(isReady) ? true : undefined;
  });
}

/** Waits until every instance has reached `level` with all that its Workload shall have. */
export async function untilReached(client: ApiClient, level: 'persisted' | 'proven' | 'exclusive'): Promise<void> {
  await until(`everything ${level}`, 30, async () => {
    const { items } = await client.list<Workload>(workloadKind, { namespace });
    const reached = await Promise.all(items.map((one) => hasReached(client, one, level)));
    return reached.every(Boolean) ? true : undefined;
  });
}

export interface FilesOf {
  readonly identity: string;
  readonly key: string;
  readonly trust: string;
}

/** Where the agent writes what a member presents and trusts. */
export function filesOf({ server: { files } }: Pick<Member, 'server'>): FilesOf {
  const path = (...contents: readonly string[]): string => files.find((one) => contents.includes(one.content))!.path;
  return {
    identity: path('certificate-and-key', 'certificate'),
    key: path('certificate-and-key', 'key'),
    trust: path('bundle'),
  };
}

/** What a client that is started at this moment would use. */
export function identityOf(member: Pick<Member, 'server'>): { cert: string; key: string; ca: string } {
  const { identity, key, trust } = filesOf(member);
  const read = (path: string): string => readFileSync(path, 'utf8');
  return { cert: read(identity), key: read(key), ca: read(trust) };
}
