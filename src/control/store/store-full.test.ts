import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { isCoded } from '#errors';
import { by, configMap, configMaps, createNamespace, named, registry } from './contract/harness.ts';
import { KeyValueStore } from './key-value-store.ts';
import { partsOf } from './open.ts';
import type { ResourceStore } from './resource-store.ts';
import { SqliteKv } from './sqlite-kv.ts';

/** Creates objects until one does not fit; answers how many did. */
async function fill(store: ResourceStore): Promise<number> {
  for (let count = 0; ; count += 1) {
    try {
      await store.create(configMaps, configMap(`n${count}`, { x: 'x'.repeat(20_000) }), by);
    } catch (error) {
      assert.ok(isCoded(error, 'store-full'), String(error));
      return count;
    }
  }
}

it('a write that does not fit on the disk leaves nothing, and what was answered can still be read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'chancery-full-'));
  const kv = SqliteKv.open(join(directory, 'test.db'), { limitBytes: 2 ** 20 });
  const store = new KeyValueStore({ ...partsOf({ registry }), kv, exclusive: true });
  try {
    await createNamespace(store, 'apic');
    const count = await fill(store);
    assert.ok(count > 5, `${count} fitted`);
    assert.equal(await store.get(named(configMaps, `n${count}`)), undefined);
    assert.equal((await store.list(configMaps)).items.length, count);
    assert.equal(await store.currentRevision(), String(count + 1));
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});
