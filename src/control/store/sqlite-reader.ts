import { eventBytes } from './kv-recent.ts';
import { prefixEnd } from './kv-revisions.ts';
import type { KvBatch, KvEntry, KvEvent } from './kv.ts';
import type { Indexed } from './sqlite-index.ts';
import type { Listed, Logged, Standing, Statements } from './sqlite-statements.ts';

/** Bounds of one answer, so that large values do not add up. */
const revisionsPerBatch = 500;
const answerLimitBytes = 8 * 2 ** 20;

export interface Page {
  readonly at: number;
  readonly after: string;
  readonly limit: number;
}

/** The newest row of `key`. */
export function readStanding({ statements, recent }: Indexed, key: string): Standing | undefined {
  const rev = recent.rev(key);
  return rev === undefined ? statements.standing.get(key) : statements.standingAt.get(rev);
}

/** The entry of `key` in the current state. */
export function readEntry(indexed: Indexed, key: string): KvEntry | undefined {
  const row = readStanding(indexed, key);
  return row?.[1] ? { key, rev: row[0], value: row[1] } : undefined;
}

/** One page of the state at `at`, of which everything must still be known. */
export function readPage(indexed: Indexed, prefix: string, page: Page): { entries: KvEntry[]; more: boolean } {
  const entries: KvEntry[] = [];
  let bytes = 0;
  // One lower bound: of two, SQLite would search by the first only. A zero byte makes the next possible key.
  const from = page.after >= prefix ? `${page.after}\0` : prefix;
  for (const [key, rev, value] of newestRows(indexed, from, prefixEnd(prefix))) {
    const entry = rev <= page.at ? entryOf(key, rev, value) : readPast(indexed.statements, { key, rev, at: page.at });
    if (entry === undefined) continue;
    if (entries.length >= page.limit || (bytes > answerLimitBytes && page.limit < Infinity)) {
      return { entries, more: true };
    }
    entries.push(entry);
    bytes += entry.value.length;
  }
  return { entries, more: false };
}

/** The newest row of each key in [from, end), in order: of the disk, and of the recent index where that knows better. */
function* newestRows({ statements, recent }: Indexed, from: string, end: string): Generator<Listed, void, undefined> {
  const fresh = recent.keysWithin(from, end);
  let place = 0;
  const takeFresh = (): Listed => {
    const key = fresh[place++]!;
    const rev = recent.rev(key)!;
    return [key, rev, statements.valueAt.get(rev)?.[0] ?? null];
  };
  for (const row of statements.list.iterate(from, end)) {
    while (place < fresh.length && fresh[place]! < row[0]) yield takeFresh();
    yield fresh[place] === row[0] ? takeFresh() : row;
  }
  while (place < fresh.length) yield takeFresh();
}

/** Walks back from the row `rev` of `key` to the one that stood at `at`. */
function readPast(
  statements: Statements,
  { key, rev, at }: { readonly key: string; readonly rev: number; readonly at: number },
): KvEntry | undefined {
  let past = rev;
  while (past > at) past = statements.previousRev.get(past)?.[0] ?? 0;
  return entryOf(key, past, statements.valueAt.get(past)?.[0] ?? null);
}

function entryOf(key: string, rev: number, value: Uint8Array | null): KvEntry | undefined {
  return value ? { key, rev, value } : undefined;
}

/** A bounded batch of the events under `prefix` in (after, newest]. */
export function readHistory(
  statements: Statements,
  prefix: string,
  { after, newest }: { readonly after: number; readonly newest: number },
): KvBatch {
  const upTo = Math.min(newest, after + revisionsPerBatch);
  const events: KvEvent[] = [];
  let bytes = 0;
  for (const row of statements.history.iterate(after, upTo, prefix, prefixEnd(prefix))) {
    const event = eventOf(row);
    events.push(event);
    bytes += eventBytes(event);
    if (bytes > answerLimitBytes) return { rev: event.rev, events };
  }
  return { rev: upTo, events };
}

function eventOf([rev, key, value, previousRev, previousValue]: Logged): KvEvent {
  const previous = previousValue && { key, rev: previousRev, value: previousValue };
  return { key, rev, ...(value && { value }), ...(previous && { previous }) };
}
