import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SqliteKv } from '../../src/control/store/sqlite-kv.ts';
import { creation, keyOf, value } from './keys.ts';

/** What a store of `objects` objects costs to read, to compact and to open. Times in milliseconds, sizes in MiB. */
export async function measureLarge(directory: string, objects: number): Promise<Record<string, number>> {
  const file = join(directory, 'large.db');
  const kv = SqliteKv.open(file);
  await inGroups(objects, (index) => kv.commit([creation(index)]));
  await inGroups(objects, async (index) => {
    const key = keyOf(index);
    const { entry } = await kv.get(key);
    return kv.commit([{ ...creation(index), expect: entry!.rev, value }]);
  });
  const figures = {
    'point reads per second': await pointReads(kv, objects),
    'list of 10,000 in pages of 500': await listTenThousand(kv),
    ...(await compactAll(kv)),
    'resident memory': process.memoryUsage().rss / 2 ** 20,
    'write-ahead log': statSync(`${file}-wal`).size / 2 ** 20,
  };
  await kv.close();
  return { ...figures, file: statSync(file).size / 2 ** 20, 'open and first read': await openAndRead(file) };
}

async function inGroups(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    await Promise.all(Array.from({ length: Math.min(1000, count - from) }, (_, index) => work(from + index)));
  }
}

async function pointReads(kv: SqliteKv, objects: number): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < 50_000; index++) await kv.get(keyOf((index * 7919) % objects));
  return 50_000_000 / (performance.now() - started);
}

async function listTenThousand(kv: SqliteKv): Promise<number> {
  const started = performance.now();
  let after = '';
  for (let page = 0; page < 20; page++) {
    const { entries } = await kv.list('/registry/', { after, limit: 500 });
    after = entries.at(-1)!.key;
  }
  return performance.now() - started;
}

/** Compacts everything beside a loop that watches how long its turns become. */
async function compactAll(kv: SqliteKv): Promise<Record<string, number>> {
  const revisions = kv.newest - kv.compacted;
  const started = performance.now();
  const turns: number[] = [];
  const compaction = kv.compact(kv.newest);
  while (kv.compacted < kv.newest) {
    const before = performance.now();
    await nextTurn();
    turns.push(performance.now() - before);
  }
  await compaction;
  turns.sort((a, b) => a - b);
  return {
    'compacted revisions per second': (revisions * 1000) / (performance.now() - started),
    'compaction: turn of the loop, p99': turns[Math.floor(turns.length * 0.99)]!,
    'compaction: longest turn of the loop': turns.at(-1)!,
  };
}

async function openAndRead(file: string): Promise<number> {
  const started = performance.now();
  const kv = SqliteKv.open(file);
  await kv.get(keyOf(0));
  const milliseconds = performance.now() - started;
  await kv.close();
  return milliseconds;
}
