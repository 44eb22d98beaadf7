import { indexChange } from './sqlite-index.ts';
import { readStanding } from './sqlite-reader.ts';
import type { KvChange, KvCommit, KvEntry, KvEvent } from './kv.ts';
import type { Indexed } from './sqlite-index.ts';
import type { IndexChange } from './sqlite-recent-index.ts';
import type { Standing } from './sqlite-statements.ts';

export interface WrittenGroup {
  /** One for each caller, in order. */
  readonly answers: readonly KvCommit[];
  readonly events: readonly KvEvent[];
  /** What the recent indexes must note once the group is committed. */
  readonly changes: readonly IndexChange[];
}

/**
 * Writes the changes of several callers, inside the caller's transaction, each seeing the callers before it. All
 * conditions of a caller are checked before its first change is written, so that a caller who fails leaves no trace and
 * uses up no revision.
 */
export function writeGroup(indexed: Indexed, newest: number, callers: readonly (readonly KvChange[])[]): WrittenGroup {
  const group: Group = { indexed, newest, events: [], changes: [], rows: new Map() };
  const answers = callers.map((changes) => writeCaller(group, changes));
  return { answers, events: group.events, changes: group.changes };
}

interface Group {
  readonly indexed: Indexed;
  readonly newest: number;
  /** Grows by one event for each revision written. */
  readonly events: KvEvent[];
  readonly changes: IndexChange[];
  /** The rows of the group itself, which the indexes do not know yet. */
  readonly rows: Map<string, Standing>;
}

function writeCaller(group: Group, changes: readonly KvChange[]): KvCommit {
  const rows = changes.map(({ key }) => group.rows.get(key) ?? readStanding(group.indexed, key));
  const failed = changes.findIndex(({ expect }, index) => expect !== standingRev(rows[index]));
  if (failed >= 0) {
    const current = entryOf(changes[failed]!.key, rows[failed]);
    return { ok: false, failed, ...(current && { current }) };
  }
  return { ok: true, revs: changes.map((change, index) => writeChange(group, change, rows[index])) };
}

function writeChange(group: Group, change: KvChange, row: Standing | undefined): number {
  const { key, value } = change;
  const rev = group.newest + group.events.length + 1;
  const terms = value === null ? [] : termsOf(change);
  const text = terms.length > 0 ? JSON.stringify(terms) : null;
  group.indexed.statements.append.run(rev, key, row?.[0] ?? 0, text, value);
  group.rows.set(key, [rev, value, text]);
  group.changes.push(indexChange(key, rev, row?.[2] ?? null, terms));
  const previous = entryOf(key, row);
  group.events.push({ key, rev, ...(value && { value }), ...(previous && { previous }) });
  return rev;
}

/** Well-formed, as SQLite would make them, so that both halves of the index spell a term alike. */
function termsOf({ terms = [] }: KvChange): string[] {
  return terms.map((term) => term.toWellFormed());
}

function standingRev(row: Standing | undefined): number {
  return row?.[1] ? row[0] : 0;
}

function entryOf(key: string, row: Standing | undefined): KvEntry | undefined {
  return row?.[1] ? { key, rev: row[0], value: row[1] } : undefined;
}
