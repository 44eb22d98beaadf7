import { eventBytes } from './kv-recent.ts';
import { prefixEnd } from './kv-revisions.ts';
import type { KvBatch, KvEntry, KvEvent } from './kv.ts';
import type { Logged, Statements } from './sqlite-statements.ts';

/** Bounds of one answer, so that large values do not add up. */
const revisionsPerBatch = 500;
const answerLimitBytes = 8 * 2 ** 20;

export interface Page {
  readonly at: number;
  readonly after: string;
  readonly limit: number;
}

/** The entry of `key` in the current state. */
export function readEntry(statements: Statements, key: string): KvEntry | undefined {
  const row = statements.standing.get(key, key);
  return row?.[1] ? { key, rev: row[0], value: row[1] } : undefined;
}

/** One page of the state at `at`, of which everything must still be known. */
export function readPage(statements: Statements, prefix: string, page: Page): { entries: KvEntry[]; more: boolean } {
  const entries: KvEntry[] = [];
  let bytes = 0;
  // One lower bound: of two, SQLite would search by the first only. A zero byte makes the next possible key.
  const from = page.after >= prefix ? `${page.after}\0` : prefix;
  const range = [from, prefixEnd(prefix)] as const;
  for (const [key, rev, value] of statements.list.iterate(...range, ...range)) {
    const entry = rev <= page.at ? entryOf(key, rev, value) : readPast(statements, { key, rev, at: page.at });
    if (entry === undefined) continue;
    if (entries.length >= page.limit || (bytes > answerLimitBytes && page.limit < Infinity)) {
      return { entries, more: true };
    }
    entries.push(entry);
    bytes += entry.value.length;
  }
  return { entries, more: false };
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
