import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { by, configMap, configMaps, createNamespace, named, registry } from './contract/harness.ts';
import { openMemoryStore } from './open.ts';
import type { ResourceStore } from './resource-store.ts';

type Step =
  | { readonly do: 'create' | 'update' | 'delete'; readonly name: string; readonly value: string }
  | { readonly do: 'hold'; readonly name: string };

const name = fc.constantFrom('a', 'b', 'c');
const value = fc.constantFrom('1', '2', '3');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('create', 'update', 'delete'), name, value }),
  fc.record({ do: fc.constant('hold'), name }),
);

async function take(store: ResourceStore, one: Step): Promise<void> {
  const ref = named(configMaps, one.name);
  if (one.do === 'create') await store.create(configMaps, configMap(one.name, { x: one.value }), by);
  else if (one.do === 'update') await store.patch(ref, { type: 'merge', body: { data: { x: one.value } } }, by);
  else if (one.do === 'hold') await store.patch(ref, { type: 'merge', body: held }, by);
  else await store.delete(ref, { ...by, propagation: 'Background' });
}

const held = { metadata: { finalizers: ['example.com/wait'] } };

/** What a reader who only watches believes to be stored. */
async function replay(store: ResourceStore, until: string): Promise<Map<string, unknown>> {
  const believed = new Map<string, unknown>();
  const ending = new AbortController();
  const { signal } = ending;
  if (until === '1') return believed;
  for await (const event of store.watch(configMaps, { from: '1', signal })) {
    assert.notEqual(event.type, 'BOOKMARK');
    if (event.type === 'BOOKMARK') continue;
    const { name, resourceVersion } = event.object.metadata;
    assert.equal(event.type === 'ADDED', !believed.has(name), `${event.type} ${name}`);
    if (event.type === 'DELETED') believed.delete(name);
    else believed.set(name, event.object);
    if (resourceVersion === until) ending.abort();
  }
  return believed;
}

it('whatever is written, in whatever order, list() and a watcher end up with the same objects', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 40 }),
    fc.integer({ min: 1, max: 8 }),
    async (steps, lanes) => {
      const store = openMemoryStore({ registry, cacheBytes: 3000, eventBytes: 3000 });
      await createNamespace(store, 'apic');
      const queue = [...steps];
      const lane = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          await take(store, next).catch((error: unknown) => {
            assert.ok(isCoded(error, 'not-found', 'already-exists', 'invalid'), String(error));
          });
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      const { items, resourceVersion } = await store.list(configMaps);
      const believed = await replay(store, resourceVersion);
      assert.deepEqual([...believed.values()].sort(byName), items);
      await store.close();
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

function byName(a: unknown, b: unknown): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf(object: unknown): string {
  return (object as { metadata: { name: string } }).metadata.name;
}
