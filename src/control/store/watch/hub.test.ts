import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '#errors';
import {
  by,
  configMap,
  configMaps,
  createNamespace,
  named,
  refused,
  registry,
  shortly,
  take,
} from '../contract/harness.ts';
import { KeyValueStore } from '../key-value-store.ts';
import type { KvBatch, KvChange, KvCommit } from '../kv.ts';
import { rootPrefix } from '../keys.ts';
import { MemoryKv } from '../memory-kv.ts';
import { partsOf } from '../open.ts';

/** Its root watch fails once, when told to. */
class BreakingKv extends MemoryKv {
  failure: Error | undefined;

  override async *watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<KvBatch, void, undefined> {
    for await (const batch of super.watch(prefix, after, signal)) {
      const { failure } = this;
      if (failure !== undefined && prefix === rootPrefix) {
        this.failure = undefined;
        throw failure;
      }
      yield batch;
    }
  }
}

/** Its watchers hear of a commit before the one who asked for it. */
class LateAnswerKv extends MemoryKv {
  override async commit(changes: readonly KvChange[]): Promise<KvCommit> {
    const answer = await super.commit(changes);
    await nextTurn();
    return answer;
  }
}

it('a watcher who reads what changed never finds what was before', async () => {
  const store = new KeyValueStore({ ...partsOf({ registry }), kv: new LateAnswerKv(), exclusive: true });
  await createNamespace(store, 'apic');
  await store.create(configMaps, configMap('a', { x: '0' }), by);
  const ending = new AbortController();
  const writing = store.patch(named(configMaps, 'a'), { type: 'merge', body: { data: { x: '1' } } }, by);
  for await (const event of store.watch(configMaps, { from: '2', signal: ending.signal })) {
    assert.ok(event.type === 'MODIFIED');
    assert.deepEqual(await store.get(named(configMaps, 'a')), event.object);
    ending.abort();
  }
  assert.deepEqual((await writing).object, await store.get(named(configMaps, 'a')));
  await store.close();
});

async function openBreaking() {
  const kv = new BreakingKv();
  const store = new KeyValueStore({ ...partsOf({ registry }), kv, exclusive: true });
  await createNamespace(store, 'apic');
  return { kv, store };
}

it('WatchHub that lost its place starts anew, and its watchers miss nothing', async () => {
  const { kv, store } = await openBreaking();
  const watched = take(store, configMaps, 3, { from: '1' });
  await store.create(configMaps, configMap('a'), by);
  kv.failure = new CodedError('gone', 'compacted');
  await store.create(configMaps, configMap('b'), by);
  await store.create(configMaps, configMap('c'), by);
  assert.deepEqual(shortly(await watched), ['ADDED a', 'ADDED b', 'ADDED c']);
  await store.close();
});

it('WatchHub that cannot go on ends its watches, and says why to new ones', async () => {
  const { kv, store } = await openBreaking();
  const watched = take(store, configMaps, 3, { from: '1' });
  await store.create(configMaps, configMap('a'), by);
  kv.failure = new CodedError('store-damaged', 'the disk is broken');
  await store.create(configMaps, configMap('b'), by);
  assert.ok((await watched).length < 3);
  await refused(take(store, configMaps, 1, { from: '1' }), 'store-damaged', 'the disk is broken');
  await store.close();
});

/** Counts the readings of its log, but for that of the hub. */
class CountingKv extends MemoryKv {
  readings = 0;

  override watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<KvBatch, void, undefined> {
    if (prefix !== rootPrefix) this.readings += 1;
    return super.watch(prefix, after, signal);
  }
}

it('a watcher of one object that slept while much happened to others reads nothing of that', async () => {
  const kv = new CountingKv();
  const store = new KeyValueStore({ ...partsOf({ registry, eventBytes: 3000 }), kv, exclusive: true });
  await createNamespace(store, 'apic');
  await store.create(configMaps, configMap('a'), by);
  const ending = new AbortController();
  const selection = { from: '1', fields: 'metadata.name=a', signal: ending.signal };
  const watch = store.watch(configMaps, selection)[Symbol.asyncIterator]();
  await watch.next();
  const { readings } = kv;
  const next = watch.next();
  for (let index = 0; index < 50; index += 1) await store.create(configMaps, configMap(`other-${index}`), by);
  await store.patch(named(configMaps, 'a'), { type: 'merge', body: { data: { x: '1' } } }, by);
  const { value } = await next;
  assert.ok(value !== undefined && value.type === 'MODIFIED' && value.object.metadata.name === 'a');
  assert.equal(kv.readings, readings);
  ending.abort();
  await store.close();
});
