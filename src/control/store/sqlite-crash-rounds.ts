import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDataDirectory } from './data-directory.ts';
import { SqliteKv } from './sqlite-kv.ts';

/** What the killed processes were told is kept. */
interface Answered {
  pairs: number[];
  counts: Map<string, number>;
  newest: number;
}

/**
 * Kills a writing process `rounds` times, at random moments, all on one data directory; after each the store must hold
 * every answered write, no half of a commit, no gap in the revisions, and indexes that fit the log.
 */
export async function crashRounds(rounds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'chancery-crash-'));
  const answered: Answered = { pairs: [], counts: new Map(), newest: 0 };
  try {
    for (let round = 0; round < rounds; round++) {
      note(answered, await killedWriter(directory, round * 1_000_000));
      await checkStore(directory, answered);
    }
    assert.ok(answered.pairs.length >= rounds, 'the writers got something done');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Everything that the writer had said when it was killed. */
async function killedWriter(directory: string, start: number): Promise<string> {
  const script = fileURLToPath(new URL('./sqlite-crash-writer.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, directory, `${start}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await Promise.race([once(writer.stdout, 'data'), once(writer, 'exit')]);
  await delay(Math.random() * 80);
  writer.kill('SIGKILL');
  const [, signal] = (await once(writer, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
  return said;
}

function note(answered: Answered, said: string): void {
  for (const line of said.split('\n').slice(0, -1)) {
    const [what, name, ...numbers] = line.split(' ');
    if (what === 'pair') answered.pairs.push(Number(name));
    else answered.counts.set(name!, numbers.map(Number)[0]!);
    answered.newest = Math.max(answered.newest, Number(numbers.at(-1)));
  }
}

async function checkStore(directory: string, answered: Answered): Promise<void> {
  const lock = openDataDirectory(directory);
  const kv = SqliteKv.open(lock.database);
  assert.ok(kv.newest >= answered.newest, 'an answered revision is missing');
  await checkWrites(kv, answered);
  await checkRevisions(kv);
  await checkTerms(kv);
  await kv.close();
  lock.release();
}

async function checkWrites(kv: SqliteKv, { pairs, counts }: Answered): Promise<void> {
  const keys = new Set((await kv.list('/pair/')).entries.map(({ key }) => key));
  for (const pair of pairs) assert.ok(keys.has(`/pair/${pair}/a`), `the answered pair ${pair} is missing`);
  for (const key of keys)
    assert.ok(keys.has(key.replace(/.$/, (half) => (half === 'a' ? 'b' : 'a'))), `half of ${key}`);
  for (const [caller, count] of counts) {
    const { entry } = await kv.get(`/count/${caller}`);
    const kept = Number(Buffer.from(entry!.value).toString());
    assert.ok(kept === count || kept === count + 1, `caller ${caller} was told ${count}, and ${kept} was kept`);
    // A commit that was not answered may have been kept; the next round counts on from there.
    counts.set(caller, kept);
  }
}

async function checkRevisions(kv: SqliteKv): Promise<void> {
  const revs: number[] = [];
  if (kv.newest === kv.compacted) return;
  for await (const { rev, events } of kv.watch('/', kv.compacted, new AbortController().signal)) {
    revs.push(...events.map((event) => event.rev));
    if (rev === kv.newest) break;
  }
  assert.deepEqual(
    revs,
    Array.from({ length: kv.newest - kv.compacted }, (_, index) => kv.compacted + 1 + index),
  );
}

async function checkTerms(kv: SqliteKv): Promise<void> {
  const expected = (await kv.list('/')).entries.map(({ key, value }) => {
    const [, kind, name] = key.split('/');
    return `${kind}/${kind === 'pair' ? name : Buffer.from(value).toString().trim()} ${key}`;
  });
  const found = (await kv.find('', 'z', 1e9)).map(({ term, key }) => `${term} ${key}`);
  assert.deepEqual(found.sort(), expected.sort());
}
