import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, it } from 'node:test';
import { isCoded } from '#errors';
import { describeKv } from './kv-contract.ts';
import { SqliteKv } from './sqlite-kv.ts';
import type { Kv, KvBatch } from './kv.ts';

const directory = mkdtempSync(join(tmpdir(), 'chancery-kv-'));
after(() => rmSync(directory, { recursive: true }));

let opened = 0;
const fresh = () => join(directory, `${opened++}.db`);

describeKv('SqliteKv', async () => SqliteKv.open(fresh()));
describeKv('SqliteKv that remembers no events', async () => SqliteKv.open(fresh(), { recentBytes: 0 }));
describeKv('SqliteKv that merges its indexes early', async () => SqliteKv.open(fresh(), { mergeAfter: 2 }));

const value = (size: number, fill = 1) => new Uint8Array(size).fill(fill);
const create = (kv: Kv, key: string, size = 10) => kv.commit([{ key, expect: 0, value: value(size) }]);

async function update(kv: Kv, key: string, size = 10): Promise<void> {
  const { entry } = await kv.get(key);
  assert.ok((await kv.commit([{ key, expect: entry?.rev ?? 0, value: value(size) }])).ok);
}

/** A copy of the database as a killed process would leave it: the write-ahead log still beside it. */
function copyUnclean(file: string): string {
  const copy = fresh();
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
  return copy;
}

it('a reopened store has everything, and counts on', async () => {
  const file = fresh();
  const first = SqliteKv.open(file);
  await create(first, '/a');
  await update(first, '/a');
  await first.commit([{ key: '/a', expect: 2, value: null }]);
  await create(first, '/b');
  await first.close();
  assert.equal(existsSync(`${file}-wal`), false);
  const second = SqliteKv.open(file);
  assert.deepEqual(
    (await second.list('/')).entries.map(({ key, rev }) => [key, rev]),
    [['/b', 4]],
  );
  assert.deepEqual(
    (await second.list('/', { at: 2 })).entries.map(({ key, rev }) => [key, rev]),
    [['/a', 2]],
  );
  assert.deepEqual(await create(second, '/c'), { ok: true, revs: [5] });
  await second.close();
});

it('a store whose newest revision was a deletion does not use that revision again after compaction', async () => {
  const file = fresh();
  const first = SqliteKv.open(file);
  await create(first, '/a');
  await first.commit([{ key: '/a', expect: 1, value: null }]);
  await first.compact(2);
  await first.close();
  const second = SqliteKv.open(file);
  assert.equal(second.newest, 2);
  await assert.rejects(second.list('/', { at: 1 }), { code: 'gone' });
  assert.deepEqual(await create(second, '/a'), { ok: true, revs: [3] });
  await second.close();
});

it('indexes that were half merged when the process was killed are whole again', async () => {
  const kv = SqliteKv.open(fresh(), { mergeAfter: 40 });
  const file = join(directory, `${opened - 1}.db`);
  for (let i = 0; i < 400; i++) {
    const key = `/a/${(i * 37) % 60}`;
    const { entry } = await kv.get(key);
    const remove = entry !== undefined && i % 5 === 0;
    const terms = [`t/${i % 7}`, `u/${i % 3}`];
    await kv.commit([{ key, expect: entry?.rev ?? 0, value: remove ? null : value(5), terms }]);
    if (i % 20 !== 19) continue;
    const copy = SqliteKv.open(copyUnclean(file));
    assert.deepEqual(await copy.list('/'), await kv.list('/'));
    assert.deepEqual(await copy.find('', 'z', 1000), await kv.find('', 'z', 1000));
    await copy.close();
  }
  await kv.compact(390);
  await kv.close();
});

it('what a killed process had answered is there when the store is opened again', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  await Promise.all(Array.from({ length: 300 }, (_, i) => create(kv, `/a/${i}`)));
  const copy = SqliteKv.open(copyUnclean(file));
  assert.equal((await copy.list('/a/')).entries.length, 300);
  assert.equal(copy.newest, 300);
  await Promise.all([copy.close(), kv.close()]);
});

it('a watcher far behind reads from the file, in bounded batches, and then from memory', async () => {
  const kv = SqliteKv.open(fresh(), { recentBytes: 2 ** 20 });
  for (let i = 0; i < 40; i++) await create(kv, `/big/${i}`, 400_000);
  const stop = new AbortController();
  const revs: number[] = [];
  const batches: KvBatch[] = [];
  for await (const batch of kv.watch('/big/', 0, stop.signal)) {
    batches.push(batch);
    revs.push(...batch.events.map(({ rev }) => rev));
    if (batch.rev === 40) break;
  }
  assert.deepEqual(
    revs,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  assert.ok(batches.length > 1 && batches.every(({ events }) => events.length < 25));
  await kv.close();
});

it('a page of large values is cut short and says that there is more', async () => {
  const kv = SqliteKv.open(fresh());
  for (let i = 10; i < 40; i++) await create(kv, `/big/${i}`, 1_000_000);
  const page = await kv.list('/big/', { limit: 500 });
  assert.ok(page.more && page.entries.length > 5 && page.entries.length < 15);
  assert.equal((await kv.list('/big/')).entries.length, 30);
  await kv.close();
});

it('compaction gives the space of superseded values back, in slices beside other work', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  for (let round = 0; round < 30; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => update(kv, `/a/${i}`, 2000)));
  }
  const compaction = kv.compact(3000);
  await create(kv, '/meanwhile');
  assert.ok(kv.compacted < 3000, 'the commit did not wait for the whole compaction');
  await compaction;
  const { length } = readFileSync(file);
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => update(kv, `/a/${i}`, 2000)));
  }
  await kv.close();
  assert.ok(statSync(file).size <= length * 1.1, 'the freed pages were used again');
});

it('closing in the midst of a compaction keeps what was done, and the next one goes on', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, (_, i) => update(kv, `/a/${i}`, 2000)));
  const compaction = kv.compact(900);
  while (kv.compacted === 0) await update(kv, '/meanwhile');
  const refused = assert.rejects(kv.compact(950), { code: 'store-closed' });
  await kv.close();
  await Promise.all([compaction, refused]);
  const again = SqliteKv.open(file);
  assert.ok(again.compacted > 0 && again.compacted < 900);
  await again.compact(again.newest);
  assert.equal((await again.list('/')).entries.length, 51);
  await again.close();
  const database = new DatabaseSync(file);
  assert.deepEqual({ ...database.prepare('SELECT count(*) AS rows FROM log').get() }, { rows: 51 });
  database.close();
});

it('the write-ahead log stays small under many commits', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  for (let i = 0; i < 60; i++) {
    await Promise.all(Array.from({ length: 200 }, (_, k) => update(kv, `/a/${k}`, 2000)));
  }
  assert.ok(statSync(`${file}-wal`).size < 24 * 2 ** 20);
  await kv.close();
});

for (const [mergeAfter, why] of [
  [0, 'with indexes that go along'],
  [8192, 'with indexes in memory'],
] as const) {
  it(`a full disk fails the write and keeps nothing of it, ${why}, and later writes work again`, () =>
    fillDisk(mergeAfter));
}

async function fillDisk(mergeAfter: number): Promise<void> {
  const kv = SqliteKv.open(fresh(), { limitBytes: 2 ** 20, mergeAfter });
  await create(kv, '/keep');
  const watch = kv.watch('/', 1, new AbortController().signal)[Symbol.asyncIterator]();
  const answers = await Promise.allSettled(
    Array.from({ length: 3 }, (_, i) =>
      kv.commit([
        { key: `/big/${i}`, expect: 0, value: value(900_000), terms: ['big'] },
        { key: `/small/${i}`, expect: 0, value: value(10) },
      ]),
    ),
  );
  for (const answer of answers) assert.ok(answer.status === 'rejected' && isCoded(answer.reason, 'store-full'));
  assert.deepEqual(
    (await kv.list('/')).entries.map(({ key }) => key),
    ['/keep'],
  );
  assert.deepEqual(await kv.find('', 'z', 10), []);
  assert.deepEqual(await create(kv, '/fits'), { ok: true, revs: [2] });
  const { events } = (await watch.next()).value as KvBatch;
  assert.deepEqual(
    events.map(({ key, rev }) => [key, rev]),
    [['/fits', 2]],
  );
  await kv.close();
}

it('a change that fails half way through rewriting values leaves all of them as they were', async () => {
  const kv = SqliteKv.open(fresh());
  await kv.commit(['/a', '/b'].map((key) => ({ key, expect: 0, value: value(10) })));
  const change = (key: string) => {
    if (key === '/b') throw new Error('half way');
    return value(10, 2);
  };
  assert.throws(() => kv.rewriteValues(0, value(1), change), /half way/);
  assert.deepEqual((await kv.get('/a')).entry?.value, value(10));
  assert.deepEqual(await create(kv, '/c'), { ok: true, revs: [3] });
  await kv.close();
});

it('bumpRevision() tells every client of a restored copy to list again', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  await create(kv, '/a');
  await update(kv, '/a');
  const waiting = kv.watch('/', 2, new AbortController().signal)[Symbol.asyncIterator]().next();
  const rev = await kv.bumpRevision();
  await assert.rejects(waiting, { code: 'gone' });
  await assert.rejects(kv.list('/', { at: rev - 1 }), { code: 'gone' });
  assert.deepEqual(
    (await kv.list('/', { at: rev })).entries.map(({ key, rev }) => [key, rev]),
    [['/a', 2]],
  );
  assert.deepEqual(await create(kv, '/b'), { ok: true, revs: [rev + 1] });
  await kv.compact(rev + 1);
  await kv.close();
  const again = SqliteKv.open(file);
  assert.deepEqual([again.newest, (await again.list('/')).entries.length], [rev + 1, 2]);
  await again.close();
});

it('a second connection to an open database is refused', async () => {
  const file = fresh();
  const kv = SqliteKv.open(file);
  assert.throws(() => SqliteKv.open(file), { code: 'store-locked' });
  await kv.close();
});

async function filledDatabase(): Promise<string> {
  const file = fresh();
  const kv = SqliteKv.open(file);
  await Promise.all(Array.from({ length: 200 }, (_, i) => create(kv, `/a/${i}`, 2000)));
  await kv.close();
  return file;
}

const damages: readonly { why: string; damage: (file: string) => void; message: RegExp }[] = [
  { why: 'it is empty', damage: (file) => truncateSync(file, 0), message: /cut short: it has 0 bytes/ },
  { why: 'only a part of its header is left', damage: (file) => truncateSync(file, 60), message: /cut short/ },
  {
    why: 'its last byte is missing',
    damage: (file) => truncateSync(file, statSync(file).size - 1),
    message: /cut short: it has \d+ of \d+ bytes/,
  },
  { why: 'it is half a copy', damage: (file) => truncateSync(file, 8192 * 20), message: /cut short/ },
  {
    why: 'it is something else',
    damage: (file) => writeFileSync(file, 'x'.repeat(9000)),
    message: /is not a database/,
  },
  { why: 'another program made it', damage: replaceByOther, message: /another program/ },
  { why: 'only its write-ahead log is left', damage: leaveOnlyLog, message: /is missing/ },
];

function replaceByOther(file: string): void {
  rmSync(file);
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE t (x)');
  database.close();
}

function leaveOnlyLog(file: string): void {
  rmSync(file);
  writeFileSync(`${file}-wal`, 'x'.repeat(100));
}

for (const { why, damage, message } of damages) {
  it(`a database is refused, and left as it is, because ${why}`, async () => {
    const file = await filledDatabase();
    damage(file);
    const before = existsSync(file) && readFileSync(file);
    assert.throws(
      () => SqliteKv.open(file),
      (error) =>
        isCoded(error, 'store-damaged') &&
        message.test(error.message) &&
        error.field === file &&
        error.hint !== undefined,
    );
    assert.deepEqual(existsSync(file) && readFileSync(file), before);
  });
}

it('a small database that was not closed is checked, and refused when a page is damaged', async () => {
  const file = await filledDatabase();
  const kv = SqliteKv.open(file);
  await create(kv, '/b');
  const copy = copyUnclean(file);
  await kv.close();
  const bytes = readFileSync(copy);
  bytes.fill(0xff, 5 * 8192, 6 * 8192);
  writeFileSync(copy, bytes);
  assert.throws(() => SqliteKv.open(copy), { code: 'store-damaged' });
});

it('damage that is met while reading is told as such', async () => {
  const file = await filledDatabase();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 8192 * 10, 8192 * 12);
  writeFileSync(file, bytes);
  const kv = SqliteKv.open(file);
  await assert.rejects(kv.list('/'), { code: 'store-damaged' });
  await kv.close();
});

it('a database of a newer schema is refused', async () => {
  const file = await filledDatabase();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  assert.throws(() => SqliteKv.open(file), { code: 'store-unavailable' });
});

it('a place that cannot be written is refused', () => {
  assert.throws(() => SqliteKv.open(join(directory, 'missing', 'x.db')), { code: 'store-unavailable' });
  assert.throws(
    () => SqliteKv.open(directory),
    (error) => isCoded(error),
  );
});

it('a first start that was cut off leaves nothing in the way of the next one', async () => {
  const file = fresh();
  writeFileSync(`${file}.new`, 'half a database');
  const kv = SqliteKv.open(file);
  await create(kv, '/a');
  assert.equal(existsSync(`${file}.new`), false);
  await kv.close();
});
