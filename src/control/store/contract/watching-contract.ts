import assert from 'node:assert/strict';
import { it } from 'node:test';
import { configMapKind } from '#model/resources';
import type { StoreEvent } from '../resource-store.ts';
import type { OpenStore } from './harness.ts';
import { by, configMap, configMaps, createNamespace, named, refused, shortly, take, withStore } from './harness.ts';

const ref = named(configMaps, 'a');

function labelled(name: string, team: string | undefined) {
  return { ...configMap(name), metadata: { name, ...(team !== undefined && { labels: { team } }) } };
}

function revisionsOf(events: readonly StoreEvent[]): number[] {
  return events.map((event) =>
    Number(event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion),
  );
}

/** Watches: what is seen, in which order, from where, and when it ends. */
export function describeWatching(open: OpenStore): void {
  it('a watch from a revision sees every later change once, deletes under their own revision', () =>
    withStore(open, async ({ store }) => {
      const from = await store.currentRevision();
      await store.create(configMaps, configMap('a', { x: '1' }), by);
      await store.update(ref, configMap('a', { x: '2' }), by);
      await store.delete(ref, by);
      const events = await take(store, configMaps, 3, { from });
      assert.deepEqual(shortly(events), ['ADDED a', 'MODIFIED a', 'DELETED a']);
      assert.deepEqual(revisionsOf(events), [2, 3, 4]);
      const [, modified, deleted] = events as Extract<StoreEvent, { object: unknown }>[];
      assert.equal(modified!.previous?.metadata.resourceVersion, '2');
      assert.deepEqual((deleted!.object as { data?: unknown }).data, { x: '2' });
    }));

  it('a watch without a revision, or from 0, replays the current state first', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      await store.create(configMaps, configMap('b'), by);
      for (const from of [undefined, '0']) {
        const ending = new AbortController();
        const seen: string[] = [];
        for await (const event of store.watch(configMaps, { ...(from && { from }), signal: ending.signal })) {
          seen.push(...shortly([event]));
          if (seen.length === 2) await store.create(configMaps, configMap(`c${from}`), by);
          if (seen.length === 3) ending.abort();
        }
        assert.deepEqual(seen.slice(0, 2), ['ADDED a', 'ADDED b']);
        assert.equal(seen[2], `ADDED c${from}`);
        await store.delete(named(configMaps, `c${from}`), by);
      }
    }));

  it('sendInitialEvents ends the state with a bookmark of its revision', () =>
    withStore(open, async ({ store }) => {
      await store.create(configMaps, configMap('a'), by);
      const events = await take(store, configMaps, 2, { sendInitialEvents: true, bookmarks: true });
      assert.deepEqual(shortly(events), ['ADDED a', 'BOOKMARK']);
      assert.deepEqual(events[1], { type: 'BOOKMARK', resourceVersion: '2', initialEventsEnd: true });
    }));

  it('a namespace or name narrows a watch', () =>
    withStore(open, async ({ store }) => {
      await createNamespace(store, 'other');
      const from = await store.currentRevision();
      await store.create({ ...configMaps, namespace: 'other' }, configMap('a'), by);
      await store.create(configMaps, configMap('aa'), by);
      await store.create(configMaps, configMap('a'), by);
      assert.deepEqual(shortly(await take(store, configMaps, 2, { from })), ['ADDED aa', 'ADDED a']);
      const byName = await take(store, configMaps, 1, { from, fields: 'metadata.name=a' });
      assert.deepEqual(shortly(byName), ['ADDED a']);
      const all = await take(store, { kind: configMapKind }, 3, { from });
      assert.equal(all.length, 3);
    }));

  it('a selector turns changes into what the watcher gains and loses', () =>
    withStore(open, async ({ store }) => {
      const from = await store.currentRevision();
      await store.create(configMaps, labelled('a', undefined), by);
      for (const team of ['x', 'x2', 'y', 'x', undefined]) await store.update(ref, labelled('a', team), by);
      await store.update(ref, labelled('a', 'x'), by);
      await store.delete(ref, by);
      const events = await take(store, configMaps, 7, { from, labels: 'team in (x,x2)' });
      assert.deepEqual(
        events.map((event) => event.type),
        ['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'DELETED', 'ADDED', 'DELETED'],
      );
      assert.deepEqual(revisionsOf(events), [3, 4, 5, 6, 7, 8, 9]);
      const lost = events[2] as Extract<StoreEvent, { object: unknown }>;
      assert.deepEqual(lost.object.metadata.labels, { team: 'x2' });
    }));

  it('280 events of 20 writers come once, in order, and alike to live and late watchers', () =>
    withStore(open, async ({ store }) => {
      const from = await store.currentRevision();
      const live = take(store, configMaps, 280, { from });
      const rounds = Array.from({ length: 14 }, (_, round) => String(round));
      const write = async (writer: number) => {
        const place = named(configMaps, `w${writer}`);
        await store.create(configMaps, configMap(place.name), by);
        for (const round of rounds.slice(2)) await store.update(place, configMap(place.name, { round }), by);
        await store.delete(place, by);
      };
      await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)));
      const late = await take(store, configMaps, 280, { from });
      assert.deepEqual(revisionsOf(await live), revisionsOf(late));
      assert.deepEqual(
        revisionsOf(late),
        Array.from({ length: 280 }, (_, index) => Number(from) + 1 + index),
      );
    }));

  it('list, then watch from its revision, misses nothing and repeats nothing', () =>
    withStore(open, async ({ store }) => {
      const writing = (async () => {
        for (let index = 0; index < 100; index += 1) await store.create(configMaps, configMap(`n${index}`), by);
      })();
      await store.currentRevision();
      const listed = await store.list(configMaps);
      const rest = 100 - listed.items.length;
      const events = await take(store, configMaps, rest, { from: listed.resourceVersion });
      await writing;
      const names = [...listed.items.map((one) => one.metadata.name), ...shortly(events).map((one) => one.slice(6))];
      assert.equal(new Set(names).size, 100);
    }));

  it('a watcher that fell behind the recent events reads on from the log', () =>
    withStore(
      open,
      async ({ store }) => {
        const from = await store.currentRevision();
        const ending = new AbortController();
        const seen: number[] = [];
        await store.create(configMaps, configMap('first'), by);
        for await (const event of store.watch(configMaps, { from, signal: ending.signal })) {
          seen.push(...revisionsOf([event]));
          if (seen.length === 50) ending.abort();
          if (seen.length > 1) continue;
          for (let index = 0; index < 49; index += 1) await store.create(configMaps, configMap(`n${index}`), by);
        }
        assert.deepEqual(
          seen,
          Array.from({ length: 50 }, (_, index) => Number(from) + 1 + index),
        );
      },
      { eventBytes: 2000 },
    ));

  it('a watch from a compacted revision is gone', () =>
    withStore(open, async ({ store, kv }) => {
      await store.create(configMaps, configMap('a'), by);
      await store.update(ref, configMap('a', { x: '2' }), by);
      await kv.compact(3);
      await refused(take(store, configMaps, 1, { from: '1' }), 'gone');
    }));

  it('a watch from a revision that is not written yet is refused at once', () =>
    withStore(open, async ({ store }) => {
      await refused(take(store, configMaps, 1, { from: '999' }), 'revision-too-large', /Too large resource version/u);
      await refused(take(store, configMaps, 1, { from: 'x' }), 'bad-request');
    }));

  it('bookmarks come when asked for, and say how far the watcher is', () =>
    withStore(
      open,
      async ({ store }) => {
        await createNamespace(store, 'unrelated');
        const events = await take(store, configMaps, 1, { from: '1', bookmarks: true });
        assert.deepEqual(events, [{ type: 'BOOKMARK', resourceVersion: '2' }]);
      },
      { bookmarkSeconds: 0.002 },
    ));

  it('a watch ends when it is aborted, and when the store closes', () =>
    withStore(open, async ({ store }) => {
      const aborted = new AbortController();
      const ended = take(store, configMaps, 1, { from: '1' });
      const other = (async () => {
        for await (const _event of store.watch(configMaps, { from: '1', signal: aborted.signal })) assert.fail();
      })();
      aborted.abort();
      await other;
      await store.close();
      assert.deepEqual(await ended, []);
    }));
}
