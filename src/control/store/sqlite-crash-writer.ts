/**
 * The process that the crash test kills. Commits to the data directory of its first argument, several callers at once,
 * and prints each answered commit on a line of its own: `pair N REV` or `count CALLER VALUE REV`.
 */
import { writeSync } from 'node:fs';
import { openDataDirectory } from './data-directory.ts';
import { SqliteKv } from './sqlite-kv.ts';

const [directory, start] = process.argv.slice(2);
const kv = SqliteKv.open(openDataDirectory(directory!).database, { mergeAfter: 30 });
let next = Number(start);

const answered = (line: string) => writeSync(1, `${line}\n`);
const value = (text: string) => Buffer.from(text.padEnd(300 + (next % 7) * 500));

/** Two keys that belong together, and an update of a key that every round goes on with. */
async function write(caller: number): Promise<void> {
  const pair = next++;
  const made = await kv.commit(
    ['a', 'b'].map((half) => ({ key: `/pair/${pair}/${half}`, expect: 0, value: value('x'), terms: [`pair/${pair}`] })),
  );
  if (made.ok) answered(`pair ${pair} ${made.revs[1]}`);
  const key = `/count/${caller}`;
  const { entry } = await kv.get(key);
  const count = entry ? Number(Buffer.from(entry.value).toString()) + 1 : 1;
  const counted = await kv.commit([
    { key, expect: entry?.rev ?? 0, value: value(`${count}`), terms: [`count/${count}`] },
  ]);
  if (counted.ok) answered(`count ${caller} ${count} ${counted.revs[0]}`);
}

async function writeForEver(caller: number): Promise<never> {
  for (let round = 0; ; round++) {
    await write(caller);
    if (caller === 0 && round % 7 === 6) await kv.compact(Math.max(0, kv.newest - 5));
  }
}

await Promise.all(Array.from({ length: 6 }, (_, caller) => writeForEver(caller)));
