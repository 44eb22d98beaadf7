import assert from 'node:assert/strict';
import type { ErrorCode } from '#errors';
import { isCoded } from '#errors';
import type { Draft, KubeObject } from '#model/objects';
import { builtinKinds, certificateKind, configMapKind, createRegistry, namespaceKind } from '#model/resources';
import type { Certificate, ConfigMap, Secret } from '#model/resources';
import type { Kv } from '../kv.ts';
import type { StoreOptions } from '../open.ts';
import type { Named, Ref, ResourceStore, StoreEvent, WatchOptions, WriteOptions } from '../resource-store.ts';

/** A fresh, empty store of the backend under test, and the kv below it. */
export interface OpenedStore {
  readonly store: ResourceStore;
  readonly kv: Kv;
}

export type OpenStore = (options: StoreOptions) => Promise<OpenedStore>;

export const registry = createRegistry(builtinKinds);

export const startOfTime = new Date('2026-03-01T12:00:00Z');

export const by: WriteOptions = { manager: 'test', user: { username: 'tester' } };

/** A writer of status. */
export const status: WriteOptions = { ...by, manager: 'loop', subresource: 'status' };

export const configMaps: Ref<ConfigMap> = { kind: configMapKind, namespace: 'apic' };
export const certificates: Ref<Certificate> = { kind: certificateKind, namespace: 'apic' };

export function named<T extends KubeObject>(ref: Ref<T>, name: string): Named<T> {
  return { ...ref, name };
}

export function configMap(name: string, data: Record<string, string> = {}): Draft<ConfigMap> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

export function certificate(name: string, spec: Partial<Certificate['spec']> = {}): Draft<Certificate> {
  const required = { secretName: `${name}-tls`, commonName: name, issuerRef: { name: 'ca' } };
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name },
    spec: { ...required, ...spec },
  };
}

export function secret(name: string, data: Record<string, string>): Draft<Secret> {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', data };
}

/** Opens a store that has the namespace apic, runs `test`, and closes it whatever happens. */
export async function withStore(
  open: OpenStore,
  test: (opened: OpenedStore) => Promise<void>,
  options: Partial<StoreOptions> = {},
): Promise<void> {
  const opened = await open({ registry, now: () => startOfTime, ...options });
  try {
    await createNamespace(opened.store, 'apic');
    await test(opened);
  } finally {
    await opened.store.close();
  }
}

export async function createNamespace(store: ResourceStore, name: string): Promise<void> {
  await store.create({ kind: namespaceKind }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, by);
}

/** Asserts that `promise` fails with `code`, and with that text when one is given. */
export async function refused(promise: Promise<unknown>, code: ErrorCode, message?: string | RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(isCoded(error), `not a coded failure: ${String(error)}`);
    assert.equal(error.code, code);
    if (typeof message === 'string') assert.equal(error.message, message);
    if (message instanceof RegExp) assert.match(error.message, message);
    return true;
  });
}

/** The next `count` events of a watch, which is then ended. */
export async function take(
  store: ResourceStore,
  ref: Ref,
  count: number,
  options: Omit<WatchOptions, 'signal'>,
): Promise<StoreEvent[]> {
  const ending = new AbortController();
  const events: StoreEvent[] = [];
  for await (const event of store.watch(ref, { ...options, signal: ending.signal })) {
    events.push(event);
    if (events.length === count) ending.abort();
  }
  return events;
}

/** `ADDED a`, `BOOKMARK`: what a watch said, in short. */
export function shortly(events: readonly StoreEvent[]): string[] {
  return events.map((event) =>
    event.type === 'BOOKMARK' ? event.type : `${event.type} ${event.object.metadata.name}`,
  );
}
