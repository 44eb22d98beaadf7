/**
 * The embedded store by itself: 2 KB values in one SQLite file, each answered write on the disk. Prints a table, and
 * JSON with --json. The size of the large store can be given: node bench/store/main.ts [rows].
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { seal, unseal } from '../../src/control/store/encryption/envelope.ts';
import { newKey } from '../../src/control/store/encryption/key-file.ts';
import { keyEncryptionKey, Keyring } from '../../src/control/store/encryption/keyring.ts';
import { SqliteKv } from '../../src/control/store/sqlite-kv.ts';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const rows = Number(positionals[0] ?? 100_000);
const value = randomBytes(2048);
const directory = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
const results: { readonly name: string; readonly figure: number; readonly unit: string }[] = [];

const report = (name: string, figure: number, unit: string) =>
  results.push({ name, figure: Number(figure.toPrecision(4)), unit });

/** Keys in no order, as names are. */
const keyOf = (index: number) =>
  `/registry/cert-manager.io/certificates/default/${createHash('sha1').update(`${index}`).digest('hex')}`;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Runs `work` for the numbers below `count`, `callers` at a time; answers the latencies in milliseconds, sorted. */
async function drive(count: number, callers: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  const caller = async () => {
    while (next < count) {
      const index = next++;
      const started = performance.now();
      await work(index);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return latencies.sort((a, b) => a - b);
}

async function measure(name: string, count: number, callers: number, work: (index: number) => Promise<unknown>) {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const latencies = await drive(count, callers, work);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  report(name, count / seconds, '/s');
  report(`${name}: CPU`, (user + system) / count, 'µs each');
  report(`${name}: p50`, percentile(latencies, 0.5), 'ms');
  report(`${name}: p99`, percentile(latencies, 0.99), 'ms');
}

async function writes(kv: SqliteKv): Promise<void> {
  let made = 0;
  const create = () => kv.commit([{ key: keyOf(made++), expect: 0, value, terms: [`due/2026-11-${made % 28}`] }]);
  await drive(2000, 64, create);
  await measure('create, alone', 3000, 1, create);
  await measure('create, 64 callers', 40_000, 64, create);
  await measure('create, 1000 callers', 40_000, 1000, create);
  const revs = new Map((await kv.list('/')).entries.map(({ key, rev }) => [key, rev]));
  const update = async (index: number) => {
    const key = keyOf((index * 7) % made);
    const answer = await kv.commit([{ key, expect: revs.get(key)!, value, terms: ['due/2027'] }]);
    if (!answer.ok) throw new Error('lost an update');
    revs.set(key, answer.revs[0]!);
  };
  await measure('update, 64 callers', 40_000, 64, update);
  while (made < rows) await drive(Math.min(20_000, rows - made), 1000, create);
}

async function reads(kv: SqliteKv): Promise<void> {
  const count = Math.min(rows, 85_000);
  await measure('point read', 50_000, 1, (index) => kv.get(keyOf((index * 7919) % count)));
  const started = performance.now();
  let after = '';
  for (let listed = 0; listed < 10_000;) {
    const { entries } = await kv.list('/', { after, limit: 500 });
    listed += entries.length;
    after = entries.at(-1)!.key;
  }
  report('list of 10,000, pages of 500', performance.now() - started, 'ms');
  const found = performance.now();
  const terms = await kv.find('due/', 'due0', 10_000);
  report(`find ${terms.length} terms`, performance.now() - found, 'ms');
}

/** How long one turn of the event loop takes at worst while `work` runs. */
async function longestTurn(work: Promise<unknown>): Promise<number> {
  const pending = { done: false };
  void work.finally(() => (pending.done = true));
  let longest = 0;
  while (!pending.done) {
    const started = performance.now();
    await nextTurn();
    longest = Math.max(longest, performance.now() - started);
  }
  return longest;
}

async function compaction(kv: SqliteKv): Promise<void> {
  const started = performance.now();
  const revisions = kv.newest - kv.compacted;
  report('compaction: longest turn of the loop', await longestTurn(kv.compact(kv.newest)), 'ms');
  report('compaction', (revisions / (performance.now() - started)) * 1000, 'revisions/s');
}

function encryption(): void {
  const keyring = new Keyring([keyEncryptionKey(newKey())]);
  const plain = randomBytes(3000);
  const time = (name: string, work: () => unknown) => {
    for (let i = 0; i < 3000; i++) work();
    const started = performance.now();
    for (let i = 0; i < 20_000; i++) work();
    report(name, ((performance.now() - started) * 1000) / 20_000, 'µs');
  };
  const sealed = seal(keyring, '/secret', plain);
  time('seal 3 kB', () => seal(keyring, '/secret', plain));
  time('unseal 3 kB', () => unseal(keyring, '/secret', sealed));
}

try {
  const file = join(directory, 'chancery.db');
  const kv = SqliteKv.open(file);
  await writes(kv);
  await reads(kv);
  await compaction(kv);
  report('file', statSync(file).size / 2 ** 20, 'MiB');
  report('write-ahead log', statSync(`${file}-wal`).size / 2 ** 20, 'MiB');
  await kv.close();
  const started = performance.now();
  const again = SqliteKv.open(file);
  await again.get(keyOf(0));
  report(`open with ${rows} objects, first read`, performance.now() - started, 'ms');
  await again.close();
  encryption();
  report('resident memory', process.memoryUsage().rss / 2 ** 20, 'MiB');
  if (options.json) console.log(JSON.stringify(results, undefined, 2));
  else console.table(results);
} finally {
  rmSync(directory, { recursive: true });
}
