import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isCoded } from '#errors';
import type { Draft } from '#model/objects';
import type { Certificate } from '#model/resources';
import type { ResourceStore } from '../resource-store.ts';
import type { OpenStore } from './harness.ts';
import { by, certificate, certificates, configMap, configMaps, named, refused, status, withStore } from './harness.ts';

const ref = named(certificates, 'a');

function apply(store: ResourceStore, body: Draft<Certificate>, manager: string, force = false) {
  return store.patch(ref, { type: 'apply', body, force }, { ...by, manager });
}

function withCommonName(commonName: string): Draft<Certificate> {
  return certificate('a', { commonName });
}

/** The four kinds of patch. */
export function describePatching(open: OpenStore): void {
  it('merge, JSON and strategic patches change what they name', () =>
    withStore(open, async ({ store }) => {
      const place = named(configMaps, 'a');
      await store.create(configMaps, configMap('a', { x: '1', y: '1' }), by);
      await store.patch(place, { type: 'merge', body: { data: { x: null, z: '1' } } }, by);
      await store.patch(place, { type: 'json', operations: [{ op: 'replace', path: '/data/y', value: '2' }] }, by);
      const finalizers = ['example.com/a'];
      const { object } = await store.patch(place, { type: 'strategic', body: { metadata: { finalizers } } }, by);
      assert.deepEqual([object.data, object.metadata.finalizers], [{ y: '2', z: '1' }, finalizers]);
    }));

  it('a patch of what is not there is not found, and a strategic one of a custom kind unsupported', () =>
    withStore(open, async ({ store }) => {
      await refused(store.patch(ref, { type: 'merge', body: {} }, by), 'not-found');
      await store.create(certificates, certificate('a'), by);
      await refused(store.patch(ref, { type: 'strategic', body: {} }, by), 'unsupported-media-type');
    }));

  it('a patch that states a stale resourceVersion is a conflict', () =>
    withStore(open, async ({ store }) => {
      await store.create(certificates, certificate('a'), by);
      const body = { metadata: { resourceVersion: '1' }, spec: { commonName: 'b' } };
      await refused(store.patch(ref, { type: 'merge', body }, by), 'conflict', /has been modified/u);
    }));

  it('a patch that breaks the kind’s rules is invalid and changes nothing', () =>
    withStore(open, async ({ store }) => {
      const first = await store.create(certificates, certificate('a'), by);
      const failure = await store
        .patch(ref, { type: 'merge', body: { spec: { secretName: '' } } }, by)
        .catch((error: unknown) => error);
      assert.ok(isCoded(failure, 'invalid'));
      assert.ok(failure.causes.some(({ field }) => field.startsWith('spec.secretName')));
      assert.deepEqual(await store.get(ref), first);
    }));

  it('a status patch changes the status alone', () =>
    withStore(open, async ({ store }) => {
      await store.create(certificates, certificate('a'), by);
      const body = { status: { revision: 4 }, spec: { commonName: 'ignored' } };
      const { object } = await store.patch(ref, { type: 'merge', body }, status);
      assert.deepEqual([object.status, object.spec.commonName], [{ revision: 4 }, 'a']);
    }));

  it('apply creates, and applying the same again makes no revision', () =>
    withStore(open, async ({ store }) => {
      const first = await apply(store, certificate('a'), 'kubectl');
      assert.equal(first.created, true);
      assert.equal(first.object.metadata.managedFields?.[0]?.operation, 'Apply');
      const again = await apply(store, certificate('a'), 'kubectl');
      assert.deepEqual(again, { object: first.object, created: false });
      assert.equal(await store.currentRevision(), '2');
    }));

  it('apply of a field that another manager holds is a conflict, unless forced', () =>
    withStore(open, async ({ store }) => {
      await apply(store, withCommonName('one'), 'first');
      const failure = await apply(store, withCommonName('two'), 'second').catch((error: unknown) => error);
      assert.ok(isCoded(failure, 'conflict'));
      assert.match(failure.message, /Apply failed with 1 conflict: conflict with "first".*: \.spec\.commonName/su);
      assert.equal(failure.causes[0]?.reason, 'FieldManagerConflict');
      const { object } = await apply(store, withCommonName('two'), 'second', true);
      assert.equal(object.spec.commonName, 'two');
      await refused(apply(store, withCommonName('one'), 'first'), 'conflict');
    }));

  it('apply removes what its manager no longer states', () =>
    withStore(open, async ({ store }) => {
      await apply(store, certificate('a', { dnsNames: ['a.example'] }), 'kubectl');
      const { object } = await apply(store, certificate('a'), 'kubectl');
      assert.equal(object.spec.dnsNames, undefined);
      assert.equal(object.metadata.generation, 2);
    }));

  it('apply ignores status on the object, and everything else on /status', () =>
    withStore(open, async ({ store }) => {
      await apply(store, { ...certificate('a'), status: { revision: 9 } }, 'kubectl');
      assert.equal((await store.get(ref))?.status, undefined);
      const body = { ...withCommonName('ignored'), status: { revision: 2 } };
      const { object } = await store.patch(ref, { type: 'apply', body, force: false }, status);
      assert.deepEqual([object.status, object.spec.commonName], [{ revision: 2 }, 'a']);
    }));

  it('apply refuses managedFields, other names and strict unknown fields', () =>
    withStore(open, async ({ store }) => {
      const owned = { ...certificate('a'), metadata: { name: 'a', managedFields: [{ manager: 'x' }] } };
      await refused(apply(store, owned, 'kubectl'), 'bad-request', 'metadata.managedFields must be nil');
      const revised = { ...certificate('a'), metadata: { name: 'a', resourceVersion: '7' } };
      await refused(apply(store, revised, 'kubectl'), 'bad-request', /resourceVersion should not be set/u);
      await apply(store, certificate('a'), 'kubectl');
      await refused(apply(store, revised, 'kubectl'), 'conflict', /has been modified/u);
      await refused(apply(store, certificate('b'), 'kubectl'), 'bad-request', /name on the URL/u);
      const body = { ...certificate('a'), bogus: 1 };
      const strict = { ...by, fieldValidation: 'Strict' } as const;
      await refused(store.patch(ref, { type: 'apply', body, force: false }, strict), 'bad-request', /unknown field/u);
    }));
}
