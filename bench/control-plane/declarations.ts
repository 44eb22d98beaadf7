import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, ResourceAddress } from '#edge/api';
import type { Draft, KubeObject } from '#model/objects';
import type { Certificate } from '#model/resources';

export const certificates: ResourceAddress = {
  group: 'cert-manager.io',
  version: 'v1',
  plural: 'certificates',
  namespaced: true,
};
const issuers: ResourceAddress = { ...certificates, plural: 'issuers' };

export interface KeyChoice {
  readonly algorithm: 'RSA' | 'ECDSA';
  readonly size: number;
}

const namespace = 'default';

/** A root, and a CA issuer named `bench-ca` that signs what is declared next. */
export async function declareIssuer(client: ApiClient): Promise<void> {
  await client.create(issuers, draft('Issuer', 'selfsigned', { selfSigned: {} }));
  const spec = {
    isCA: true,
    commonName: 'bench-ca',
    secretName: 'bench-ca',
    duration: '87600h',
    privateKey: { algorithm: 'ECDSA', size: 256 },
    issuerRef: { name: 'selfsigned' },
  };
  await client.create(certificates, draft('Certificate', 'bench-ca', spec));
  await client.create(issuers, draft('Issuer', 'bench-ca', { ca: { secretName: 'bench-ca' } }));
  await untilReady(client, 'bench-ca');
}

/** `count` certificates named `bench-1` and on, at most `concurrency` requests at once. */
export async function declareCertificates(
  client: ApiClient,
  key: KeyChoice,
  first: number,
  count: number,
  concurrency: number,
): Promise<void> {
  let next = first;
  const worker = async (): Promise<void> => {
    while (next < first + count) await client.create(certificates, certificate(next++, key));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function certificate(index: number, privateKey: KeyChoice): Draft {
  const name = `bench-${index}`;
  return draft('Certificate', name, {
    secretName: name,
    commonName: name,
    dnsNames: [`${name}.apic`, `${name}.apic.svc`, `${name}.apic.svc.cluster.local`],
    duration: '17520h',
    renewBefore: '720h',
    privateKey: { ...privateKey, rotationPolicy: 'Always' },
    usages: ['server auth', 'signing', 'key encipherment'],
    issuerRef: { kind: 'Issuer', name: 'bench-ca' },
  });
}

function draft(kind: string, name: string, spec: object): Draft {
  return { apiVersion: 'cert-manager.io/v1', kind, metadata: { name, namespace }, spec } as Draft;
}

const longestPauseMilliseconds = 100;

/** Waits until one certificate is Ready, looking ever less often: the looks share the cores with what they wait for. */
export async function untilReady(client: ApiClient, name: string): Promise<void> {
  let pause = 2;
  while (!isReady(await client.get<Certificate>(certificates, name, namespace))) {
    await delay(pause);
    pause = Math.min(longestPauseMilliseconds, pause * 1.5);
  }
}

/** Waits until every certificate is Ready: the newest are looked at first, then all are counted. */
export async function untilAllReady(client: ApiClient, names: readonly string[]): Promise<void> {
  for (const name of names) await untilReady(client, name);
  while ((await countReady(client)).unready > 0) await delay(longestPauseMilliseconds);
}

export async function countReady(client: ApiClient): Promise<{ ready: number; unready: number }> {
  const counts = { ready: 0, unready: 0 };
  for await (const object of client.each<Certificate>(certificates, { namespace, limit: 1000 }))
    counts[isReady(object) ? 'ready' : 'unready'] += 1;
  return counts;
}

function isReady(object: KubeObject): boolean {
  const conditions = (object as Certificate).status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
