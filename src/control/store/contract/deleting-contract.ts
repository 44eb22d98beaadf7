import assert from 'node:assert/strict';
import { it } from 'node:test';
import { namespaceKind } from '#model/resources';
import type { OpenStore } from './harness.ts';
import { by, certificate, certificates, configMap, configMaps, named, refused, withStore } from './harness.ts';

const ref = named(configMaps, 'a');
const held = { ...configMap('a'), metadata: { name: 'a', finalizers: ['example.com/wait'] } };

/** Deletion, finalizers, preconditions, propagation, namespaces. */
export function describeDeleting(open: OpenStore): void {
  it('delete() removes an object that nothing holds, once', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      assert.equal(await store.delete(ref, by), undefined);
      assert.equal(await store.get(ref), undefined);
      await refused(store.delete(ref, by), 'not-found', 'configmaps "a" not found');
      const reborn = await store.create(configMaps, configMap('a'), by);
      assert.equal(reborn.metadata.resourceVersion, '4');
    }));

  it('delete() refuses failed preconditions', () =>
    withStore(open, async ({ store }) => {
      const { metadata } = await store.create(configMaps, configMap('a'), by);
      await refused(store.delete(ref, { ...by, uid: 'other' }), 'conflict', /UID in the precondition \(other\)/u);
      const stale = { ...by, resourceVersion: '1' };
      await refused(store.delete(ref, stale), 'conflict', /ResourceVersion in the precondition \(1\)/u);
      const { uid, resourceVersion } = metadata;
      assert.equal(await store.delete(ref, { ...by, uid, resourceVersion }), undefined);
    }));

  it('a finalizer holds a deleted object until it is taken away', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, held, by);
      const marked = await store.delete(ref, by);
      assert.equal(marked?.metadata.deletionTimestamp, '2026-03-01T12:00:00Z');
      assert.equal(marked.metadata.deletionGracePeriodSeconds, 0);
      const again = await store.delete(ref, by);
      assert.deepEqual(again, marked);
      const more = { ...marked, metadata: { ...marked.metadata, finalizers: ['example.com/wait', 'example.com/new'] } };
      await refused(store.update(ref, more, by), 'invalid', /no new finalizers can be added/u);
      const kept = await store.update(ref, { ...marked, data: { x: '1' } }, by);
      assert.equal(kept.metadata.deletionTimestamp, marked.metadata.deletionTimestamp);
      await store.patch(ref, { type: 'merge', body: { metadata: { finalizers: null } } }, by);
      assert.equal(await store.get(ref), undefined);
    }));

  it('marking for deletion counts as a generation', () =>
    withStore(open, async ({ store }) => {
      const draft = { ...certificate('a'), metadata: { name: 'a', finalizers: ['example.com/wait'] } };
      await store.create(certificates, draft, by);
      assert.equal((await store.delete(named(certificates, 'a'), by))?.metadata.generation, 2);
    }));

  it('propagation leaves its finalizer for the garbage collector', () =>
    withStore(open, async ({ store }) => {
      const table = [
        { propagation: 'Foreground', finalizers: ['foregroundDeletion'], why: 'dependents go first' },
        { propagation: 'Orphan', finalizers: ['orphan'], why: 'the last wish wins' },
        { propagation: undefined, finalizers: ['orphan'], why: 'no wish changes nothing' },
      ] as const;
      await store.create(configMaps, configMap('a'), by);
      for (const { propagation, finalizers, why } of table) {
        const marked = await store.delete(ref, { ...by, ...(propagation && { propagation }) });
        assert.deepEqual(marked?.metadata.finalizers, finalizers, why);
      }
      assert.equal(await store.delete(ref, { ...by, propagation: 'Background' }), undefined);
    }));

  it('a deleted namespace takes no new objects, and goes when its own finalizer does', () =>
    withStore(open, async ({ store }) => {
      const place = { kind: namespaceKind, name: 'apic' };
      const marked = await store.delete(place, by);
      assert.equal(marked?.status?.phase, 'Terminating');
      const text =
        'configmaps "a" is forbidden: unable to create new content in namespace apic because it is being terminated';
      await refused(store.create(configMaps, configMap('a'), by), 'forbidden', text);
      await store.update(place, { ...marked, spec: { finalizers: [] } }, by);
      assert.equal(await store.get(place), undefined);
    }));

  it('dependents are found by the uid of their owner', () =>
    withStore(open, async ({ store }) => {
      const owner = await store.create(certificates, certificate('a'), by);
      const { apiVersion, kind, metadata } = owner;
      const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }];
      await store.create(configMaps, configMap('stranger'), by);
      await store.create(configMaps, { ...configMap('child'), metadata: { name: 'child', ownerReferences } }, by);
      const found = await store.list({ kind: configMaps.kind }, { index: { name: 'owner', value: metadata.uid } });
      assert.deepEqual(
        found.items.map((one) => one.metadata.name),
        ['child'],
      );
    }));
}
