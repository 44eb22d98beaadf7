import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { CodedError } from '#errors';
import { builtinKinds, configMapKind, createRegistry, namespaceKind } from '#model/resources';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { FakeClock } from './fake-clock.ts';
import { Feed } from './feed.ts';
import type { Change } from './feed.ts';

const as = { manager: 't', user: { username: 'u' } };
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

async function storeWith(...names: string[]): Promise<ResourceStore> {
  const store = openMemoryStore({ registry: createRegistry(builtinKinds) });
  await store.create(
    { kind: namespaceKind, name: 'ns' },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } },
    as,
  );
  for (const name of names) await store.create({ kind: configMapKind, namespace: 'ns' }, configMap(name), as);
  return store;
}

function follow(store: ResourceStore, from?: string) {
  const changes: string[] = [];
  const clock = new FakeClock();
  const feed = new Feed({
    store,
    kind: configMapKind,
    clock,
    from,
    room: async () => undefined,
    onChange: ({ type, object, resync }: Change) =>
      changes.push(`${type} ${object.metadata.name}${resync ? ' (listed)' : ''}`),
  });
  feed.start();
  return { feed, changes, clock };
}

const settled = async (): Promise<void> => {
  for (let count = 0; count < 20; count += 1) await turn();
};

test('without a position a feed lists what there is, and then follows', async (t) => {
  const store = await storeWith('a', 'b');
  const { feed, changes } = follow(store);
  t.after(() => feed.stop());
  await settled();
  await store.create({ kind: configMapKind, namespace: 'ns' }, configMap('c'), as);
  await store.delete({ kind: configMapKind, namespace: 'ns', name: 'a' }, as);
  await settled();
  assert.deepEqual(changes, ['ADDED a (listed)', 'ADDED b (listed)', 'ADDED c', 'DELETED a']);
  assert.equal(feed.seen, await store.currentRevision());
});

test('with a position a feed goes on from there', async (t) => {
  const store = await storeWith('a');
  const from = await store.currentRevision();
  await store.create({ kind: configMapKind, namespace: 'ns' }, configMap('b'), as);
  const { feed, changes } = follow(store, from);
  t.after(() => feed.stop());
  await settled();
  assert.deepEqual(changes, ['ADDED b']);
});

test('history that is gone means a full list', async (t) => {
  const store = await storeWith('a');
  const patient = Object.create(store) as ResourceStore;
  let refused = 0;
  patient.watch = (ref, options) => {
    if (options.from === '1') {
      refused += 1;
      throw new CodedError('gone', 'too old');
    }
    return store.watch(ref, options);
  };
  patient.list = (ref, options) => store.list(ref, options);
  const { feed, changes } = follow(patient, '1');
  t.after(() => feed.stop());
  await settled();
  assert.equal(refused, 1);
  assert.deepEqual(changes, ['ADDED a (listed)']);
});

test('a watch that fails is taken up again a second later, from the same place', async (t) => {
  const store = await storeWith('a');
  const from = await store.currentRevision();
  const flaky = Object.create(store) as ResourceStore;
  let failures = 0;
  flaky.watch = (ref, options) => {
    if (failures > 0) return store.watch(ref, options);
    failures += 1;
    throw new Error('broken pipe');
  };
  const { feed, changes, clock } = follow(flaky, from);
  t.after(() => feed.stop());
  await store.create({ kind: configMapKind, namespace: 'ns' }, configMap('b'), as);
  await settled();
  assert.deepEqual(changes, []);
  clock.advance(1000);
  await settled();
  assert.deepEqual(changes, ['ADDED b']);
});
