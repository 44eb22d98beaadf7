import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { KubeObject } from '#model/objects';
import { by, configMap, configMaps, createNamespace, registry } from './contract/harness.ts';
import { objectText, rememberText } from './object-text.ts';
import { openMemoryStore } from './open.ts';

function object(resourceVersion: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', uid: 'u', resourceVersion, creationTimestamp: '' } };
}

it('objectText() of a listed object says what the object says', async () => {
  const store = openMemoryStore({ registry, cacheBytes: 0 });
  await createNamespace(store, 'apic');
  const tricky = { 'a"metadata":{': '{"apiVersion":"v1"', ü: '\u{1f511}\n' };
  await store.create(configMaps, { ...configMap('a'), data: tricky }, by).catch(() => undefined);
  await store.create(configMaps, configMap('b', { x: '"metadata":{' }), by);
  const { items } = await store.list(configMaps);
  assert.equal(items.at(-1)?.metadata.name, 'b');
  for (const item of items) assert.deepEqual(JSON.parse(objectText(item)), item);
  await store.close();
});

it('objectText() of any other object encodes it', () => {
  assert.deepEqual(JSON.parse(objectText(object('7'))), object('7'));
});

it('rememberText() takes only a text that begins as the store writes it', () => {
  const table = [
    {
      stored: '{"apiVersion":"v1","kind":"Thing","metadata":{"name":"a"}}',
      taken: true,
      why: 'as the store writes it',
    },
    { stored: '{"kind":"Thing","apiVersion":"v1","metadata":{"name":"a"}}', taken: false, why: 'another order' },
    { stored: '{"apiVersion":"v1","kind":"Other","metadata":{"name":"a"}}', taken: false, why: 'another kind' },
  ];
  for (const { stored, taken, why } of table) {
    const one = object('9');
    rememberText(one, stored);
    assert.equal(objectText(one) !== JSON.stringify(one), taken, why);
  }
});
