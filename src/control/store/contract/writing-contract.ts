import assert from 'node:assert/strict';
import { it } from 'node:test';
import { certificateKind } from '#model/resources';
import type { OpenStore } from './harness.ts';
import { by, certificate, certificates, configMap, configMaps, named, refused, status, withStore } from './harness.ts';

const uidPattern = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/** Creating and updating one object. */
export function describeWriting(open: OpenStore): void {
  it('create() completes the metadata and answers what get() then finds', () =>
    withStore(open, async ({ store }) => {
      const created = await store.create(configMaps, configMap('a', { x: '1' }), by);
      assert.match(created.metadata.uid, uidPattern);
      assert.equal(created.metadata.creationTimestamp, '2026-03-01T12:00:00Z');
      assert.equal(created.metadata.namespace, 'apic');
      assert.equal(created.metadata.resourceVersion, '2');
      assert.deepEqual(created.metadata.managedFields?.[0]?.manager, 'test');
      assert.deepEqual(await store.get(named(configMaps, 'a')), created);
    }));

  it('create() ignores what a client says of uid, times, generation and status', () =>
    withStore(open, async ({ store }) => {
      const draft = certificate('a');
      const metadata = { name: 'a', uid: 'mine', generation: 7, creationTimestamp: '1999-01-01T00:00:00Z' };
      const created = await store.create(certificates, { ...draft, metadata, status: { revision: 3 } }, by);
      assert.match(created.metadata.uid, uidPattern);
      assert.equal(created.metadata.generation, 1);
      assert.equal(created.metadata.creationTimestamp, '2026-03-01T12:00:00Z');
      assert.equal(created.status, undefined);
    }));

  it('create() makes a name from generateName, and another when the first is taken', () => {
    const rolls = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    const random = () => rolls.shift() ?? 2;
    return withStore(
      open,
      async ({ store }) => {
        const draft = { ...configMap(''), metadata: { generateName: 'batch-' } };
        const first = await store.create(configMaps, draft, by);
        const second = await store.create(configMaps, draft, by);
        assert.deepEqual([first.metadata.name, second.metadata.name], ['batch-bbbbb', 'batch-ccccc']);
      },
      { random },
    );
  });

  it('create() refuses a name that is taken, also in the same moment', () =>
    withStore(open, async ({ store }) => {
      const text = 'configmaps "a" already exists';
      const both = await Promise.allSettled([1, 2].map(() => store.create(configMaps, configMap('a'), by)));
      assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
      await refused(store.create(configMaps, configMap('a'), by), 'already-exists', text);
    }));

  it('create() refuses bad names, bad fields and missing namespaces with what Kubernetes says', () =>
    withStore(open, async ({ store }) => {
      const nameless = { ...configMap(''), metadata: {} };
      await refused(store.create(configMaps, nameless, by), 'invalid', /metadata.name: Required value/u);
      await refused(store.create(configMaps, configMap('A/B'), by), 'invalid', /RFC 1123 subdomain/u);
      const unknown = { ...configMaps, namespace: 'nowhere' };
      await refused(store.create(unknown, configMap('a'), by), 'not-found', 'namespaces "nowhere" not found');
      const elsewhere = { ...configMap('a'), metadata: { name: 'a', namespace: 'other' } };
      await refused(store.create(configMaps, elsewhere, by), 'bad-request', /namespace of the provided object/u);
      const revised = { ...configMap('a'), metadata: { name: 'a', resourceVersion: '7' } };
      await refused(store.create(configMaps, revised, by), 'bad-request', /resourceVersion should not be set/u);
      assert.equal(await store.currentRevision(), '1');
    }));

  it('fieldValidation says, drops or refuses unknown fields', () =>
    withStore(open, async ({ store }) => {
      const draft = { ...certificate('a'), bogus: 1, spec: { ...certificate('a').spec, foo: true } };
      const text = 'strict decoding error: unknown field "bogus", unknown field "spec.foo"';
      const strict = { ...by, fieldValidation: 'Strict' } as const;
      const failure = await store.create(certificates, draft, strict).catch((error: unknown) => error as Error);
      assert.deepEqual((failure as Error).message.split(/: |, /u).sort(), text.split(/: |, /u).sort());
      const warnings: string[] = [];
      const onWarning = (warning: string) => warnings.push(warning);
      const created = await store.create(certificates, draft, { ...by, fieldValidation: 'Warn', onWarning });
      assert.deepEqual(warnings.sort(), ['unknown field "bogus"', 'unknown field "spec.foo"']);
      assert.ok(!('bogus' in created) && !('foo' in created.spec));
    }));

  it('update() with a stale resourceVersion is a conflict; without one it wins', () =>
    withStore(open, async ({ store }) => {
      const first = await store.create(configMaps, configMap('a', { x: '1' }), by);
      const ref = named(configMaps, 'a');
      const second = await store.update(ref, { ...first, data: { x: '2' } }, by);
      const text =
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; ' +
        'please apply your changes to the latest version and try again';
      await refused(store.update(ref, { ...first, data: { x: '3' } }, by), 'conflict', text);
      assert.deepEqual(await store.get(ref), second);
      const third = await store.update(ref, configMap('a', { x: '3' }), by);
      assert.deepEqual(third.data, { x: '3' });
      assert.equal(third.metadata.uid, first.metadata.uid);
    }));

  it('update() refuses what is not there, another name and another uid', () =>
    withStore(open, async ({ store }) => {
      await refused(store.update(named(configMaps, 'a'), configMap('a'), by), 'not-found', 'configmaps "a" not found');
      await store.create(configMaps, configMap('a'), by);
      await refused(store.update(named(configMaps, 'a'), configMap('b'), by), 'bad-request', /name on the URL/u);
      const other = { ...configMap('a'), metadata: { name: 'a', uid: 'other' } };
      await refused(store.update(named(configMaps, 'a'), other, by), 'conflict', /Precondition failed: UID/u);
    }));

  it('an unchanged write makes no revision and answers the object as it was', () => {
    let time = startTime();
    return withStore(
      open,
      async ({ store }) => {
        const first = await store.create(configMaps, configMap('a', { x: '1' }), by);
        time = new Date(time.getTime() + 60_000);
        const again = await store.update(named(configMaps, 'a'), configMap('a', { x: '1' }), by);
        assert.deepEqual(again, first);
        const withEmpty = { ...configMap('a', { x: '1' }), metadata: { name: 'a', labels: {}, finalizers: [] } };
        assert.deepEqual(await store.update(named(configMaps, 'a'), withEmpty, by), first);
        assert.equal(await store.currentRevision(), first.metadata.resourceVersion);
      },
      { now: () => time },
    );
  });

  it('generation counts changes of the spec, not of labels or status', () =>
    withStore(open, async ({ store }) => {
      const ref = named(certificates, 'a');
      const first = await store.create(certificates, certificate('a'), by);
      const metadata = { ...first.metadata, labels: { team: 'x' } };
      const labelled = await store.update(ref, { ...first, metadata }, by);
      const judged = await store.update(ref, { ...labelled, status: { revision: 1 } }, status);
      const changed = await store.update(ref, { ...judged, spec: { ...judged.spec, commonName: 'other' } }, by);
      const generations = [first, labelled, judged, changed].map((one) => one.metadata.generation);
      assert.deepEqual(generations, [1, 1, 1, 2]);
    }));

  it('status is written through its subresource only, and nothing else is', () =>
    withStore(open, async ({ store }) => {
      const ref = named(certificates, 'a');
      const first = await store.create(certificates, certificate('a'), by);
      const spec = { ...first.spec, commonName: 'ignored' };
      const metadata = { ...first.metadata, labels: { ignored: 'yes' } };
      const judged = await store.update(ref, { ...first, metadata, spec, status: { revision: 1 } }, status);
      assert.deepEqual([judged.status, judged.spec.commonName], [{ revision: 1 }, 'a']);
      assert.equal(judged.metadata.labels, undefined);
      const main = await store.update(ref, { ...judged, status: { revision: 99 } }, by);
      assert.deepEqual(main, judged);
      assert.equal(judged.metadata.managedFields?.find((entry) => entry.manager === 'loop')?.subresource, 'status');
    }));

  it('withStatus keeps the status of a created or updated object, in one revision', () =>
    withStore(open, async ({ store }) => {
      const loop = { ...by, withStatus: true };
      const created = await store.create(certificates, { ...certificate('a'), status: { revision: 1 } }, loop);
      assert.deepEqual(created.status, { revision: 1 });
      const next = { ...created, spec: { ...created.spec, commonName: 'b' }, status: { revision: 2 } };
      const updated = await store.update(named(certificates, 'a'), next, loop);
      assert.deepEqual([updated.status, updated.metadata.generation], [{ revision: 2 }, 2]);
      assert.equal(await store.currentRevision(), '3');
    }));

  it('status of a kind that has none is not found', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      await refused(store.update(named(configMaps, 'a'), configMap('a'), status), 'not-found');
    }));

  it('a dry run answers what would be, and changes nothing', () =>
    withStore(open, async ({ store }) => {
      const dry = { ...by, dryRun: true };
      const imagined = await store.create(configMaps, configMap('a', { x: '1' }), dry);
      assert.deepEqual([imagined.data, imagined.metadata.resourceVersion], [{ x: '1' }, undefined]);
      assert.equal(await store.get(named(configMaps, 'a')), undefined);
      const first = await store.create(configMaps, configMap('a', { x: '1' }), by);
      await refused(store.create(configMaps, configMap('a'), dry), 'already-exists');
      const changed = await store.update(named(configMaps, 'a'), configMap('a', { x: '2' }), dry);
      assert.deepEqual(changed.data, { x: '2' });
      assert.equal(await store.delete(named(configMaps, 'a'), dry), undefined);
      assert.deepEqual(await store.get(named(configMaps, 'a')), first);
    }));

  it('an object over 1.5 MiB is refused, also in a dry run', () =>
    withStore(open, async ({ store }) => {
      const big = { ...certificate('big'), spec: { ...certificate('big').spec, dnsNames: ['x'.repeat(1_600_000)] } };
      for (const dryRun of [true, false]) {
        await refused(store.create(certificates, big, { ...by, dryRun }), 'too-large', /1572864 are allowed/u);
      }
      assert.equal((await store.list({ kind: certificateKind })).items.length, 0);
    }));

  it('objects handed out cannot be changed, and what was handed in may be', () =>
    withStore(open, async ({ store }) => {
      const draft = configMap('a', { x: '1' });
      const created = await store.create(configMaps, draft, by);
      draft.data!['x'] = 'changed later';
      assert.deepEqual((await store.get(named(configMaps, 'a')))?.data, { x: '1' });
      assert.throws(() => {
        created.data!['x'] = '2';
      }, TypeError);
    }));

  it('twenty writers without a resourceVersion all succeed, one after the other', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      const writers = Array.from({ length: 20 }, (_, index) =>
        store.patch(named(configMaps, 'a'), { type: 'merge', body: { data: { [`k${index}`]: 'x' } } }, by),
      );
      await Promise.all(writers);
      const found = await store.get(named(configMaps, 'a'));
      assert.equal(Object.keys(found?.data ?? {}).length, 20);
    }));
}

function startTime(): Date {
  return new Date('2026-03-01T12:00:00Z');
}
