import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import type { Draft, Json, KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { by, certificate, configMap, createNamespace, registry, secret } from './contract/harness.ts';
import { openMemoryStore } from './open.ts';
import type { Patch, ResourceStore, WriteOptions } from './resource-store.ts';

const drafts: Readonly<Record<string, Draft>> = {
  Certificate: {
    ...certificate('a', { dnsNames: ['a.example'], duration: '2160h0m0s' }),
    metadata: { name: 'a', labels: { x: 'y' }, annotations: { a: 'b' }, finalizers: ['example.com/x'] },
  },
  ConfigMap: configMap('a', { x: '1' }),
  Secret: secret('a', { x: 'eA==' }),
};

/** Every place in a JSON value that something else can be put into. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, below]) => placesOf(below, [...path, key]))];
}

function replaced(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = structuredClone(value ?? {}) as Record<string, unknown>;
  const item = replaced(Object.hasOwn(copy, first) ? copy[first] : {}, rest, by);
  Object.defineProperty(copy, first, { value: item, enumerable: true, configurable: true, writable: true });
  return copy;
}

const extraPlaces = [['status'], ['metadata', 'managedFields'], ['metadata', 'ownerReferences'], ['spec', '__proto__']];

const poison = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, '', [], {}, [{}], [null], -1, 1e300, '\u0000', '../x', { $patch: 'delete' }),
) as fc.Arbitrary<Json>;

const mutation = fc.constantFrom(...Object.keys(drafts)).chain((kind) => {
  const places = [...placesOf(drafts[kind]), ...extraPlaces];
  return fc.record({ kind: fc.constant(kind), place: fc.constantFrom(...places), value: poison });
});

async function codedOrDone(promise: Promise<unknown>): Promise<void> {
  await promise.catch((error: unknown) => {
    assert.ok(isCoded(error), `not a coded failure: ${(error as Error).stack}`);
  });
}

async function tryEverything(store: ResourceStore, kind: Kind, body: Draft, options: WriteOptions): Promise<void> {
  const ref = { kind, namespace: 'apic' };
  const place = { ...ref, name: 'a' };
  const json = body as unknown as Json;
  const patches: readonly Patch[] = [
    { type: 'merge', body: json },
    { type: 'strategic', body: json },
    { type: 'apply', body, force: true },
    { type: 'json', operations: [{ op: 'add', path: '', value: json }] },
    { type: 'json', operations: [json] },
  ];
  await codedOrDone(store.create(ref, body, options));
  await codedOrDone(store.update(place, body, options));
  for (const patch of patches) await codedOrDone(store.patch(place, patch, options));
  if (kind.hasStatus) await codedOrDone(store.update(place, body, { ...options, subresource: 'status' }));
}

it('a body with anything anywhere is stored whole or refused with a code', async () => {
  const property = fc.asyncProperty(mutation, fc.boolean(), async ({ kind: name, place, value }, exists) => {
    const store = openMemoryStore({ registry });
    await createNamespace(store, 'apic');
    const kind = registry.kinds.find((one) => one.kind === name)!;
    if (exists) await store.create({ kind, namespace: 'apic' }, drafts[name]!, by);
    await tryEverything(store, kind, replaced(drafts[name], place, value) as Draft, {
      ...by,
      onWarning: () => undefined,
    });
    const { items } = await store.list({ kind });
    for (const item of items) assertWellFormed(item, kind);
    await store.close();
  });
  await fc.assert(property, { numRuns: 300 });
});

function assertWellFormed(object: KubeObject, kind: Kind): void {
  assert.equal(object.kind, kind.kind);
  assert.equal(typeof object.metadata.name, 'string');
  assert.equal(object.metadata.namespace, 'apic');
  assert.match(object.metadata.uid, /^[0-9a-f-]{36}$/u);
  assert.deepEqual(JSON.parse(JSON.stringify(object)), object);
}
