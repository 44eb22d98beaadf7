import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { KubeObject } from '#model/objects';
import { ObjectCache } from './object-cache.ts';

function object(name: string): KubeObject {
  const metadata = { name, uid: name, resourceVersion: '', creationTimestamp: '' };
  return { apiVersion: 'v1', kind: 'Thing', metadata };
}

it('ObjectCache knows the newest version and the one before', () => {
  const cache = new ObjectCache(10_000);
  const [one, two, three] = ['1', '2', '3'].map(object);
  for (const [index, version] of [one, two, three].entries()) {
    cache.put('k', { rev: index + 1, object: version, size: 10 });
  }
  assert.equal(cache.latest('k')?.object, three);
  assert.deepEqual([cache.version('k', 3), cache.version('k', 2), cache.version('k', 1)], [three, two, undefined]);
});

it('ObjectCache is not set back by a reader who was slower than a writer', () => {
  const cache = new ObjectCache(10_000);
  cache.put('k', { rev: 5, object: undefined, size: 0 });
  cache.put('k', { rev: 3, object: object('old'), size: 10 });
  assert.deepEqual(cache.latest('k'), { rev: 5, object: undefined, size: 0 });
});

it('ObjectCache forgets what nobody asks for, and keeps what somebody does, within its bytes', () => {
  const cache = new ObjectCache(10_000);
  cache.put('wanted', { rev: 1, object: object('wanted'), size: 100 });
  for (let index = 0; index < 1000; index += 1) {
    cache.put(`k${index}`, { rev: index, object: object('x'), size: 100 });
    assert.notEqual(cache.latest('wanted'), undefined);
  }
  const kept = Array.from({ length: 1000 }, (_, index) => cache.latest(`k${index}`)).filter((one) => one !== undefined);
  assert.ok(kept.length <= 10_000 / 300, `${kept.length} are kept`);
});
