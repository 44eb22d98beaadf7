import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CodedError } from '#errors';
import { by, configMap, configMaps, createNamespace, refused, registry, shortly, take } from '../contract/harness.ts';
import { KeyValueStore } from '../key-value-store.ts';
import type { KvBatch } from '../kv.ts';
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
