import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import { certificateKind, configMapKind } from '#model/resources';
import type { ListOptions, Ref, ResourceStore } from '../resource-store.ts';
import type { OpenStore } from './harness.ts';
import {
  by,
  certificate,
  certificates,
  configMap,
  configMaps,
  createNamespace,
  named,
  refused,
  status,
  withStore,
} from './harness.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function createLetters(store: ResourceStore): Promise<void> {
  for (const [index, letter] of letters.entries()) {
    const labels = { odd: String(index % 2 === 1) };
    await store.create(configMaps, { ...configMap(letter), metadata: { name: letter, labels } }, by);
  }
}

async function names(store: ResourceStore, ref: Ref, options: ListOptions = {}): Promise<string[]> {
  return namesOf((await store.list(ref, options)).items);
}

function namesOf(items: readonly KubeObject[]): string[] {
  return items.map((one) => one.metadata.name);
}

/** Lists: order, selectors, pages, revisions, indexes. */
export function describeListing(open: OpenStore): void {
  it('list() answers a kind by namespace and name, whole or of one namespace', () =>
    withStore(open, async ({ store }) => {
      await createNamespace(store, 'apic-2');
      await createNamespace(store, 'apic0');
      for (const namespace of ['apic0', 'apic', 'apic-2']) {
        for (const name of ['b', 'a']) await store.create({ ...configMaps, namespace }, configMap(name), by);
      }
      const all = await store.list({ kind: configMapKind });
      const places = all.items.map(({ metadata }) => `${metadata.namespace} ${metadata.name}`);
      assert.deepEqual(places, ['apic-2 a', 'apic-2 b', 'apic a', 'apic b', 'apic0 a', 'apic0 b']);
      assert.equal(all.resourceVersion, await store.currentRevision());
      assert.deepEqual(await names(store, configMaps), ['a', 'b']);
    }));

  it('selectors choose by label, name and declared fields', () =>
    withStore(open, async ({ store }) => {
      await createLetters(store);
      await store.create(certificates, certificate('x'), by);
      await store.create(certificates, certificate('y', { issuerRef: { name: 'other' } }), by);
      assert.deepEqual(await names(store, configMaps, { labels: 'odd=true' }), ['b', 'd', 'f']);
      assert.deepEqual(await names(store, configMaps, { fields: 'metadata.name=c' }), ['c']);
      assert.deepEqual(await names(store, configMaps, { fields: 'metadata.name=c', labels: 'odd=true' }), []);
      assert.deepEqual(await names(store, { kind: configMapKind }, { fields: 'metadata.name=c' }), ['c']);
      for (const contradiction of ['metadata.name=c,metadata.name=d', 'metadata.name=c,metadata.name!=c']) {
        assert.deepEqual(await names(store, configMaps, { fields: contradiction }), [], contradiction);
      }
      assert.deepEqual(await names(store, configMaps, { fields: 'metadata.name=../c' }), []);
      assert.deepEqual(await names(store, certificates, { fields: 'spec.issuerRef.name=other' }), ['y']);
      await refused(store.list(certificates, { fields: 'spec.foo=1' }), 'bad-request', /field label not supported/u);
      await refused(store.list(certificates, { labels: 'a in' }), 'bad-request');
    }));

  it('pages hold the limit, also under a selector, and show one revision while others write', () =>
    withStore(open, async ({ store }) => {
      await createLetters(store);
      const seen: string[] = [];
      const revisions = new Set<string>();
      let token: string | undefined;
      do {
        const page = await store.list(configMaps, { limit: 2, labels: 'odd=false', ...(token && { continue: token }) });
        seen.push(...namesOf(page.items));
        revisions.add(page.resourceVersion);
        if (page.continue !== undefined) assert.equal(page.items.length, 2);
        token = page.continue;
        await store.delete(named(configMaps, 'e'), by).catch(() => undefined);
        await store.create(configMaps, configMap(`new${seen.length}`), by);
      } while (token !== undefined);
      assert.deepEqual([seen, revisions.size], [['a', 'c', 'e', 'g'], 1]);
    }));

  it('a limit that all objects fit in leaves nothing to continue', () =>
    withStore(open, async ({ store }) => {
      await createLetters(store);
      assert.equal((await store.list(configMaps, { limit: 7 })).continue, undefined);
      assert.notEqual((await store.list(configMaps, { limit: 6 })).continue, undefined);
    }));

  it('a forged continue token is refused, and cannot reach another namespace', () =>
    withStore(open, async ({ store }) => {
      for (const token of ['x', '', Buffer.from('{"v":1,"at":-1,"after":"a"}').toString('base64url')]) {
        if (token !== '') await refused(store.list(configMaps, { continue: token }), 'bad-request', /continue key/u);
      }
      const foreign = Buffer.from('{"v":1,"at":0,"after":"../kube/"}').toString('base64url');
      assert.deepEqual(await names(store, configMaps, { continue: foreign }), []);
    }));

  it('a page after compaction is gone, with a token that goes on without consistency', () =>
    withStore(open, async ({ store, kv }) => {
      await createLetters(store);
      const page = await store.list(configMaps, { limit: 3 });
      await store.delete(named(configMaps, 'f'), by);
      await kv.compact(Number(await store.currentRevision()));
      const failure = await store
        .list(configMaps, { limit: 3, continue: page.continue! })
        .catch((error: unknown) => error);
      assert.ok(isCoded(failure, 'gone'));
      assert.match(failure.message, /continue parameter is too old to display a consistent list/u);
      assert.deepEqual(await names(store, configMaps, { continue: failure.causes[0]!.message }), ['d', 'e', 'g']);
    }));

  it('list() at a revision: exact, not older than, compacted, and not yet written', () =>
    withStore(open, async ({ store, kv }) => {
      await createLetters(store);
      const then = await store.currentRevision();
      await store.delete(named(configMaps, 'a'), by);
      const exact = { resourceVersion: then, match: 'Exact' } as const;
      assert.deepEqual(await names(store, configMaps, exact), letters);
      assert.equal((await store.list(configMaps, exact)).resourceVersion, then);
      assert.deepEqual(await names(store, configMaps, { ...exact, fields: 'metadata.name=a' }), ['a']);
      const newest = letters.slice(1);
      assert.deepEqual(await names(store, configMaps, { resourceVersion: then, match: 'NotOlderThan' }), newest);
      assert.deepEqual(await names(store, configMaps, { resourceVersion: '0' }), newest);
      await kv.compact(Number(await store.currentRevision()));
      await refused(store.list(configMaps, exact), 'gone');
      for (const match of ['Exact', 'NotOlderThan'] as const) {
        await refused(store.list(configMaps, { resourceVersion: '999', match }), 'revision-too-large');
      }
      await refused(store.list(configMaps, { resourceVersion: 'x' }), 'bad-request');
    }));

  it('an index finds objects by their current values', () =>
    withStore(open, async ({ store }) => {
      await store.create(certificates, certificate('a', { secretName: 'shared' }), by);
      await store.create(certificates, certificate('b', { secretName: 'shared' }), by);
      const index = { name: 'secretName', value: 'apic/shared' };
      assert.deepEqual(await names(store, { kind: certificateKind }, { index }), ['a', 'b']);
      const page = await store.list(certificates, { index, limit: 1 });
      assert.deepEqual(namesOf(page.items), ['a']);
      assert.deepEqual(await names(store, certificates, { index, limit: 1, continue: page.continue! }), ['b']);
      const body = { spec: { secretName: 'own' } };
      await store.patch(named(certificates, 'a'), { type: 'merge', body }, by);
      await store.delete(named(certificates, 'b'), by);
      assert.deepEqual(await names(store, { kind: certificateKind }, { index }), []);
      const none = { name: 'nothing', value: 'x' };
      await refused(store.list(certificates, { index: none }), 'bad-request');
    }));

  it('scan() answers the values of an index in order: a schedule', () =>
    withStore(open, async ({ store }) => {
      for (const [name, month] of Object.entries({ c: '05', a: '07', b: '06', d: '08' })) {
        await store.create(certificates, certificate(name), by);
        const renewalTime = `2026-${month}-01T00:00:00Z`;
        await store.patch(named(certificates, name), { type: 'merge', body: { status: { renewalTime } } }, status);
      }
      const range = { from: '2026-06', to: '2026-08', limit: 10 };
      assert.deepEqual(await store.scan(certificateKind, 'renewalTime', range), [
        { value: '2026-06-01T00:00:00Z', namespace: 'apic', name: 'b' },
        { value: '2026-07-01T00:00:00Z', namespace: 'apic', name: 'a' },
      ]);
      const one = await store.scan(certificateKind, 'renewalTime', { from: '', to: '~', limit: 1 });
      assert.equal(one[0]?.name, 'c');
    }));
}
