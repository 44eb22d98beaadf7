import { indexChange, termsText } from './sqlite-index.ts';
import type { KvChange, KvCommit, KvEntry, KvEvent } from './kv.ts';
import type { Standing, Statements } from './sqlite-statements.ts';

export interface WrittenGroup {
  /** One for each caller, in order. */
  readonly answers: readonly KvCommit[];
  readonly events: readonly KvEvent[];
  /** How many index terms came or went. */
  readonly terms: number;
}

/**
 * Writes the changes of several callers, inside the caller's transaction, each seeing the callers before it. All
 * conditions of a caller are checked before its first change is written, so that a caller who fails leaves no trace and
 * uses up no revision.
 */
export function writeGroup(
  statements: Statements,
  newest: number,
  callers: readonly (readonly KvChange[])[],
): WrittenGroup {
  const group: Group = { newest, events: [], terms: 0 };
  const answers = callers.map((changes) => writeCaller(statements, group, changes));
  return { answers, events: group.events, terms: group.terms };
}

interface Group {
  readonly newest: number;
  /** Grows by one event for each revision written. */
  readonly events: KvEvent[];
  terms: number;
}

function writeCaller(statements: Statements, group: Group, changes: readonly KvChange[]): KvCommit {
  const rows = changes.map(({ key }) => statements.standing.get(key, key));
  const failed = changes.findIndex(({ expect }, index) => expect !== standingRev(rows[index]));
  if (failed >= 0) {
    const current = entryOf(changes[failed]!.key, rows[failed]);
    return { ok: false, failed, ...(current && { current }) };
  }
  return { ok: true, revs: changes.map((change, index) => writeChange(statements, group, change, rows[index])) };
}

function writeChange(statements: Statements, group: Group, change: KvChange, row: Standing | undefined): number {
  const { key, value } = change;
  const rev = group.newest + group.events.length + 1;
  const terms = value === null ? null : termsText(change.terms);
  statements.append.run(rev, key, row?.[0] ?? 0, terms, value);
  group.terms += indexChange(statements, key, rev, { before: row?.[2] ?? null, after: terms });
  const previous = entryOf(key, row);
  group.events.push({ key, rev, ...(value && { value }), ...(previous && { previous }) });
  return rev;
}

function standingRev(row: Standing | undefined): number {
  return row?.[1] ? row[0] : 0;
}

function entryOf(key: string, row: Standing | undefined): KvEntry | undefined {
  return row?.[1] ? { key, rev: row[0], value: row[1] } : undefined;
}
