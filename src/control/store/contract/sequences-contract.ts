import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Write } from '../resource-store.ts';
import type { OpenStore } from './harness.ts';
import {
  by,
  certificate,
  certificates,
  configMap,
  configMaps,
  named,
  refused,
  shortly,
  take,
  withStore,
} from './harness.ts';

const a = named(configMaps, 'a');

function creating(name: string, data: Record<string, string> = {}): Write {
  return { op: 'create', ref: configMaps, object: configMap(name, data), options: by };
}

function merging(name: string, data: Record<string, string>): Write {
  return { op: 'patch', ref: named(configMaps, name), patch: { type: 'merge', body: { data } }, options: by };
}

/** Several writes at once. */
export function describeSequences(open: OpenStore): void {
  it('sequence() writes in order, each write seeing the ones before', () =>
    withStore(open, async ({ store }) => {
      const answers = await store.sequence([creating('a', { x: '1' }), creating('b'), merging('a', { y: '2' })]);
      assert.deepEqual((await store.get(a))?.data, { x: '1', y: '2' });
      assert.deepEqual(answers[2], await store.get(a));
      assert.deepEqual(await store.sequence([]), []);
    }));

  it('on an atomic backend a failing write leaves nothing of its sequence', () =>
    withStore(open, async ({ store }) => {
      if (!store.atomic) return;
      const before = await store.currentRevision();
      await refused(store.sequence([creating('a'), merging('missing', {})]), 'not-found');
      assert.equal(await store.get(a), undefined);
      assert.equal(await store.currentRevision(), before);
    }));

  it('on a backend that is not atomic what came before a failure stays', () =>
    withStore(open, async ({ store }) => {
      if (store.atomic) return;
      await refused(store.sequence([creating('a'), merging('missing', {}), creating('b')]), 'not-found');
      assert.notEqual(await store.get(a), undefined);
      assert.equal(await store.get(named(configMaps, 'b')), undefined);
    }));

  it('on an atomic backend each object of a sequence gets one revision, its last state', () =>
    withStore(open, async ({ store }) => {
      if (!store.atomic) return;
      const from = await store.currentRevision();
      await store.sequence([creating('a'), merging('a', { x: '1' }), merging('a', { x: '2' }), creating('b')]);
      const events = await take(store, configMaps, 2, { from });
      assert.deepEqual(shortly(events), ['ADDED a', 'ADDED b']);
      assert.equal(await store.currentRevision(), String(Number(from) + 2));
    }));

  it('on an atomic backend what a sequence makes and deletes was never there', () =>
    withStore(open, async ({ store }) => {
      if (!store.atomic) return;
      const before = await store.currentRevision();
      const answers = await store.sequence([creating('a'), { op: 'delete', ref: a, options: by }]);
      assert.deepEqual([answers[1], await store.currentRevision()], [undefined, before]);
    }));

  it('a sequence without explicit revisions is planned again when another writer was faster', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      await store.create(certificates, certificate('c'), by);
      const bumps = Array.from({ length: 10 }, (_, index) => store.sequence([merging('a', { [`k${index}`]: 'x' })]));
      await Promise.all(bumps);
      assert.equal(Object.keys((await store.get(a))?.data ?? {}).length, 10);
    }));

  it('a sequence with a stale explicit revision is a conflict', () =>
    withStore(open, async ({ store }) => {
      const first = await store.create(configMaps, configMap('a'), by);
      await store.update(a, configMap('a', { x: '1' }), by);
      const stale: Write = {
        op: 'update',
        ref: a,
        object: { ...first, data: { x: '2' } } as typeof first,
        options: by,
      };
      await refused(store.sequence([creating('b'), stale]), 'conflict', /has been modified/u);
    }));

  it('of two racing updates with the same explicit revision one is a conflict', () =>
    withStore(open, async ({ store }) => {
      const first = await store.create(configMaps, configMap('a'), by);
      const race = ['1', '2'].map((x) => store.update(a, { ...first, data: { x } }, by));
      const outcomes = await Promise.allSettled(race);
      assert.deepEqual(outcomes.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    }));
}
