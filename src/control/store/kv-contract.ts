import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { KvModel, kvCommands } from './kv-contract-model.ts';
import type { Kv, KvBatch, KvChange, KvCommit, KvEvent } from './kv.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value ? new TextDecoder().decode(value) : undefined);
const put = (key: string, expect: number, value: string, ...terms: string[]): KvChange => ({
  key,
  expect,
  value: bytes(value),
  terms,
});
const remove = (key: string, expect: number): KvChange => ({ key, expect, value: null });

function revOf(answer: KvCommit): number {
  assert.ok(answer.ok, 'the commit was refused');
  return answer.revs.at(-1)!;
}

/** Reads a watch until `until` is reported, then lets go of it. */
async function watched(kv: Kv, prefix: string, after: number, until: number): Promise<KvEvent[]> {
  const stop = new AbortController();
  const events: KvEvent[] = [];
  for await (const batch of kv.watch(prefix, after, stop.signal)) {
    events.push(...batch.events);
    if (batch.rev >= until) break;
  }
  stop.abort();
  return events;
}

const plain = (events: readonly KvEvent[]) =>
  events.map(({ key, rev, value, previous }) => [rev, key, text(value), previous?.rev, text(previous?.value)]);

/** What every key-value backend keeps. `open` makes an empty store; the suite closes it. */
export function describeKv(name: string, open: () => Promise<Kv>): void {
  describe(`${name} keeps the key-value contract:`, () => {
    let kv: Kv;
    /** Tests share one store, each under its own prefix, as its users do. */
    before(async () => {
      kv = await open();
    });
    after(() => kv.close());

    writes(() => kv);
    lists(() => kv);
    watches(() => kv);
    terms(() => kv);
    lifetimes(open);
  });
}

function writes(store: () => Kv): void {
  it('a key is created once', async () => {
    const kv = store();
    const first = revOf(await kv.commit([put('/once', 0, 'a')]));
    const second = await kv.commit([put('/once', 0, 'b')]);
    assert.deepEqual(second, {
      ok: false,
      failed: 0,
      current: { key: '/once', rev: first, value: second.ok ? undefined : second.current?.value },
    });
    assert.equal(text((await kv.get('/once')).entry?.value), 'a');
  });

  it('a change is refused unless the key still has the expected revision', async () => {
    const kv = store();
    const first = revOf(await kv.commit([put('/cas', 0, 'a')]));
    const second = revOf(await kv.commit([put('/cas', first, 'b')]));
    assert.equal((await kv.commit([put('/cas', first, 'c')])).ok, false);
    assert.equal((await kv.commit([remove('/cas', first)])).ok, false);
    assert.deepEqual((await kv.get('/cas')).entry?.rev, second);
  });

  it('a refused change names what stands there, and nothing when the key is absent', async () => {
    const answer = await store().commit([put('/absent', 7, 'a')]);
    assert.deepEqual(answer, { ok: false, failed: 0 });
  });

  it('a deleted key is absent, and can be created again', async () => {
    const kv = store();
    const made = revOf(await kv.commit([put('/again', 0, 'a')]));
    const deleted = revOf(await kv.commit([remove('/again', made)]));
    assert.deepEqual(await kv.get('/again'), { rev: deleted });
    assert.equal((await kv.commit([put('/again', deleted, 'b')])).ok, false);
    const remade = revOf(await kv.commit([put('/again', 0, 'b')]));
    assert.deepEqual([remade, text((await kv.get('/again')).entry?.value)], [deleted + 1, 'b']);
  });

  it('every change takes the next revision, and a refused commit takes none', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    const first = await kv.commit([put('/rev/a', 0, 'a'), put('/rev/b', 0, 'b')]);
    assert.deepEqual(first, { ok: true, revs: [rev + 1, rev + 2] });
    assert.equal((await kv.commit([put('/rev/c', 0, 'c'), put('/rev/a', 0, 'x')])).ok, false);
    assert.equal((await kv.get('/')).rev, rev + 2);
    assert.deepEqual(await kv.commit([put('/rev/d', 0, 'd')]), { ok: true, revs: [rev + 3] });
  });

  it('an atomic store keeps nothing of a commit of which one change is refused', async (context) => {
    const kv = store();
    if (!kv.atomic) return context.skip('this backend may keep a prefix');
    const made = revOf(await kv.commit([put('/all/b', 0, 'b')]));
    const answer = await kv.commit([put('/all/a', 0, 'a'), put('/all/b', made + 1, 'x'), put('/all/c', 0, 'c')]);
    assert.equal(answer.ok ? -1 : answer.failed, 1);
    assert.deepEqual(
      (await kv.list('/all/')).entries.map(({ key, rev }) => [key, rev]),
      [['/all/b', made]],
    );
  });

  it('an empty commit changes nothing', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    assert.deepEqual(await kv.commit([]), { ok: true, revs: [] });
    assert.equal((await kv.get('/')).rev, rev);
  });

  it('an empty value is a value, not a deletion', async () => {
    const kv = store();
    await kv.commit([put('/empty', 0, '')]);
    assert.equal((await kv.get('/empty')).entry?.value.length, 0);
    assert.equal((await kv.list('/empty')).entries.length, 1);
  });

  it('of callers who race for one key in the same turn one wins, and the others harm nobody', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, caller) =>
        kv.commit([put('/race/same', 0, `${caller}`), put(`/race/own-${caller}`, 0, 'x')]),
      ).concat(Array.from({ length: 20 }, (_, caller) => kv.commit([put(`/race/free-${caller}`, 0, 'x')]))),
    );
    const revs = answers.flatMap((answer) => (answer.ok ? answer.revs : []));
    assert.equal(answers.slice(0, 40).filter(({ ok }) => ok).length, 1);
    assert.ok(answers.slice(40).every(({ ok }) => ok));
    assert.deepEqual(
      revs.toSorted((a, b) => a - b),
      Array.from({ length: 22 }, (_, index) => rev + 1 + index),
    );
    assert.equal((await kv.get('/')).rev, rev + 22);
    assert.equal((await kv.list('/race/own-')).entries.length, 1);
  });
}

function lists(store: () => Kv): void {
  it('a list is sorted by bytes, holds the prefix only, and pages without overlap', async () => {
    const kv = store();
    const keys = ['/page/b', '/page/a', '/page/B', '/page/a/z', '/page/a-', '/page/~', '/pagf', '/pag'];
    for (const key of keys) await kv.commit([put(key, 0, key)]);
    const sorted = ['/page/B', '/page/a', '/page/a-', '/page/a/z', '/page/b', '/page/~'];
    const all = await kv.list('/page/');
    assert.deepEqual([all.entries.map(({ key }) => key), all.more], [sorted, false]);
    const first = await kv.list('/page/', { limit: 4 });
    const rest = await kv.list('/page/', { limit: 4, after: first.entries.at(-1)!.key });
    assert.deepEqual([first.more, rest.more], [true, false]);
    assert.deepEqual(
      [...first.entries, ...rest.entries].map(({ key }) => key),
      sorted,
    );
    assert.equal((await kv.list('/page/', { limit: 6 })).more, false);
  });

  it('pages at one revision are one snapshot while others write', async () => {
    const kv = store();
    for (let i = 0; i < 20; i++) await kv.commit([put(`/snap/${i + 10}`, 0, 'old')]);
    const first = await kv.list('/snap/', { limit: 5 });
    const standing = (await kv.list('/snap/')).entries;
    await kv.commit(standing.map(({ key, rev }, i) => (i % 2 ? put(key, rev, 'new') : remove(key, rev))));
    await kv.commit([put('/snap/99', 0, 'later'), put(standing[8]!.key, 0, 'remade')]);
    const rest = await kv.list('/snap/', { at: first.rev, after: first.entries.at(-1)!.key });
    assert.equal(rest.rev, first.rev);
    assert.deepEqual(
      [...first.entries, ...rest.entries].map(({ key, rev, value }) => [key, rev, text(value)]),
      standing.map(({ key, rev }) => [key, rev, 'old']),
    );
    assert.equal((await kv.list('/snap/')).entries.length, 12);
  });

  it('a revision that is not written yet is refused, not waited for', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    await assert.rejects(kv.list('/', { at: rev + 1 }), (error) => isCoded(error, 'revision-too-large'));
    const watch = kv.watch('/', rev + 1, new AbortController().signal)[Symbol.asyncIterator]();
    await assert.rejects(watch.next(), (error) => isCoded(error, 'revision-too-large'));
  });
}

function watches(store: () => Kv): void {
  it('280 events by 20 writers come exactly once, in order, and alike to a live and to a late watcher', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    const live = watched(kv, '/many/', rev, rev + 280);
    await Promise.all(Array.from({ length: 20 }, (_, writer) => writeFourteen(kv, `/many/${writer}`)));
    const seen = plain(await live);
    assert.deepEqual(
      seen.map(([at]) => at),
      Array.from({ length: 280 }, (_, index) => rev + 1 + index),
    );
    assert.deepEqual(plain(await watched(kv, '/many/', rev, rev + 280)), seen);
  });

  it('an event says what stood there before, also a deletion', async () => {
    const kv = store();
    const made = revOf(await kv.commit([put('/prev/a', 0, 'one')]));
    await kv.commit([put('/prev/a', made, 'two')]);
    await kv.commit([remove('/prev/a', made + 1)]);
    await kv.commit([put('/prev/a', 0, 'three')]);
    assert.deepEqual(plain(await watched(kv, '/prev/', made - 1, made + 3)), [
      [made, '/prev/a', 'one', undefined, undefined],
      [made + 1, '/prev/a', 'two', made, 'one'],
      [made + 2, '/prev/a', undefined, made + 1, 'two'],
      [made + 3, '/prev/a', 'three', undefined, undefined],
    ]);
  });

  it('a watcher that sees nothing under its prefix is told of the progress', async () => {
    const kv = store();
    const { rev } = await kv.get('/');
    const progress = watched(kv, '/nothing-here/', rev, rev + 2);
    await kv.commit([put('/progress/a', 0, 'a'), put('/progress/b', 0, 'b')]);
    assert.deepEqual(await progress, []);
  });

  it('list, then watch from its revision, misses nothing while others write', async () => {
    const kv = store();
    const stop = new AbortController();
    const writer = (async () => {
      for (let i = 0; !stop.signal.aborted; i++) await kv.commit([put(`/gap/${i}`, 0, `${i}`)]);
    })();
    for (let round = 0; round < 10; round++) {
      const list = await kv.list('/gap/');
      const events = await watched(kv, '/gap/', list.rev, list.rev + 3);
      const keys = [...list.entries, ...events].map(({ key }) => key);
      assert.deepEqual(new Set(keys).size, keys.length);
      assert.deepEqual(keys.length, (await kv.list('/gap/', { at: events.at(-1)!.rev })).entries.length);
    }
    stop.abort();
    await writer;
  });

  it('a watch ends when its signal aborts, also one that waits', async () => {
    const kv = store();
    const stop = new AbortController();
    const { rev } = await kv.get('/');
    const watch = kv.watch('/', rev, stop.signal)[Symbol.asyncIterator]();
    const next = watch.next();
    stop.abort();
    assert.deepEqual(await next, { done: true, value: undefined });
  });
}

async function writeFourteen(kv: Kv, prefix: string): Promise<void> {
  const first = revOf(await kv.commit([put(prefix, 0, '0')]));
  let rev = first;
  for (let i = 1; i < 13; i++) rev = revOf(await kv.commit([put(prefix, rev, `${i}`)]));
  await kv.commit([remove(prefix, rev)]);
}

function terms(store: () => Kv): void {
  const find = async (from: string, to: string, limit = 100) =>
    (await store().find(from, to, limit)).map(({ term, key }) => `${term}=${key}`);

  it('terms are found in a range, in order of their bytes', async () => {
    const kv = store();
    await kv.commit([
      put('/t/2', 0, 'x', 'due/2026', 'owner/a'),
      put('/t/1', 0, 'x', 'due/2026'),
      put('/t/3', 0, 'x', 'due/2027'),
    ]);
    assert.deepEqual(await find('due/', 'due0'), ['due/2026=/t/1', 'due/2026=/t/2', 'due/2027=/t/3']);
    assert.deepEqual(await find('due/', 'due/2027'), ['due/2026=/t/1', 'due/2026=/t/2']);
    assert.deepEqual(await find('due/', 'due0', 1), ['due/2026=/t/1']);
    assert.deepEqual(await find('owner/', 'owner0'), ['owner/a=/t/2']);
  });

  it('the terms of a key are replaced by its next value, and go with the key', async () => {
    const kv = store();
    const made = revOf(await kv.commit([put('/u/1', 0, 'x', 'u/a', 'u/b')]));
    const moved = revOf(await kv.commit([put('/u/1', made, 'x', 'u/b', 'u/c')]));
    assert.deepEqual(await find('u/', 'u0'), ['u/b=/u/1', 'u/c=/u/1']);
    assert.equal((await kv.commit([put('/u/1', made, 'x', 'u/d')])).ok, false);
    assert.deepEqual(await find('u/d', 'u/e'), []);
    await kv.commit([remove('/u/1', moved)]);
    assert.deepEqual(await find('u/', 'u0'), []);
  });

  it('terms may hold any characters', async () => {
    const odd = ['w/a\0b', 'w/é', 'w/\u{1F600}', 'w/\uFF5E'];
    await store().commit([put('/w/1', 0, 'x', ...odd)]);
    assert.deepEqual(
      await find('w/', 'w0'),
      ['w/a\0b', 'w/é', 'w/\uFF5E', 'w/\u{1F600}'].map((term) => `${term}=/w/1`),
    );
    assert.deepEqual(await find('w/a', 'w/b'), ['w/a\0b=/w/1']);
  });
}

/** Tests that compact or close, so that each has a store of its own. */
function lifetimes(open: () => Promise<Kv>): void {
  const withStore = async (use: (kv: Kv) => Promise<void>) => {
    const kv = await open();
    try {
      await use(kv);
    } finally {
      await kv.close();
    }
  };

  it('after a compaction older lists and watches are gone, and what is newer is all there', () =>
    withStore(async (kv) => {
      await kv.commit([put('/a', 0, '1'), put('/b', 0, '1'), put('/c', 0, '1')]);
      await kv.commit([put('/a', 1, '2'), remove('/b', 2)]);
      await kv.commit([put('/a', 4, '3'), remove('/c', 3), put('/b', 0, '2')]);
      await kv.compact(5);
      await assert.rejects(kv.list('/', { at: 4 }), (error) => isCoded(error, 'gone'));
      await assert.rejects(watched(kv, '/', 4, 8), (error) => isCoded(error, 'gone'));
      const state = async (at: number) =>
        (await kv.list('/', { at })).entries.map(({ key, value }) => key + text(value));
      assert.deepEqual(await state(5), ['/a2', '/c1']);
      assert.deepEqual(await state(6), ['/a3', '/c1']);
      assert.deepEqual(await state(8), ['/a3', '/b2']);
      assert.deepEqual(plain(await watched(kv, '/', 5, 8)), [
        [6, '/a', '3', 4, '2'],
        [7, '/c', undefined, 3, '1'],
        [8, '/b', '2', undefined, undefined],
      ]);
    }));

  it('compacting everything keeps the current state and the revision', () =>
    withStore(async (kv) => {
      await kv.commit([put('/a', 0, '1'), put('/b', 0, '1')]);
      await kv.commit([remove('/b', 2)]);
      await kv.compact(3);
      await kv.compact(2);
      assert.deepEqual(
        (await kv.list('/')).entries.map(({ key, rev }) => [key, rev]),
        [['/a', 1]],
      );
      assert.deepEqual(await kv.commit([put('/b', 0, '2')]), { ok: true, revs: [4] });
      await assert.rejects(kv.compact(5), (error) => isCoded(error, 'revision-too-large'));
    }));

  it('a watcher that does not read is told gone once what it missed was compacted', () =>
    withStore(async (kv) => {
      await kv.commit([put('/a', 0, '1')]);
      const watch = kv.watch('/', 0, new AbortController().signal)[Symbol.asyncIterator]();
      assert.equal(((await watch.next()).value as KvBatch).rev, 1);
      for (let rev = 1; rev < 5; rev++) await kv.commit([put('/a', rev, 'x')]);
      await kv.compact(4);
      await assert.rejects(watch.next(), (error) => isCoded(error, 'gone'));
    }));

  it('after close a watch ends, what was asked is answered, and new requests are refused', async () => {
    const kv = await open();
    const waiting = kv.watch('/', 0, new AbortController().signal)[Symbol.asyncIterator]().next();
    const committed = kv.commit([put('/a', 0, '1')]);
    await kv.close();
    await kv.close();
    assert.equal((await committed).ok, true);
    assert.ok((await waiting).done !== undefined);
    await assert.rejects(kv.commit([put('/b', 0, '1')]), (error) => isCoded(error, 'store-closed'));
    await assert.rejects(kv.get('/a'), (error) => isCoded(error, 'store-closed'));
    await assert.rejects(kv.list('/'), (error) => isCoded(error, 'store-closed'));
  });

  it('any sequence of commits, reads and compactions answers as the model does', async () => {
    const property = fc.asyncProperty(fc.commands(kvCommands, { maxCommands: 60, size: 'max' }), (commands) =>
      withStore((kv) => fc.asyncModelRun(() => ({ model: new KvModel(), real: kv }), commands)),
    );
    await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 15_000 });
  });
}
