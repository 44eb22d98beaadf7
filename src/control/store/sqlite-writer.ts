import type { KvChange, KvCommit, KvEntry, KvEvent } from './kv.ts';
import type { Standing, Statements } from './sqlite-statements.ts';

export interface WrittenGroup {
  /** One for each caller, in order. */
  readonly answers: readonly KvCommit[];
  readonly events: readonly KvEvent[];
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
  const events: KvEvent[] = [];
  const answers = callers.map((changes) => writeCaller(statements, { newest, events }, changes));
  return { answers, events };
}

interface Group {
  readonly newest: number;
  /** Grows by one event for each revision written. */
  readonly events: KvEvent[];
}

function writeCaller(statements: Statements, { newest, events }: Group, changes: readonly KvChange[]): KvCommit {
  const rows = changes.map(({ key }) => statements.standing.get(key));
  const failed = changes.findIndex(({ expect }, index) => expect !== standingRev(rows[index]));
  if (failed >= 0) {
    const current = entryOf(changes[failed]!.key, rows[failed]);
    return { ok: false, failed, ...(current && { current }) };
  }
  const revs = changes.map((change, index) => {
    const rev = newest + events.length + 1;
    events.push(writeChange(statements, rev, change, rows[index]));
    return rev;
  });
  return { ok: true, revs };
}

function writeChange(statements: Statements, rev: number, change: KvChange, row: Standing | undefined): KvEvent {
  const { key, value } = change;
  const terms = value === null ? null : termsText(change.terms);
  statements.append.run(rev, key, row?.[0] ?? 0, value);
  if (row) statements.setCurrent.run(rev, terms, key);
  else statements.addCurrent.run(key, rev, terms);
  replaceTerms(statements, key, { before: row?.[2] ?? null, after: terms });
  const previous = entryOf(key, row);
  return { key, rev, ...(value && { value }), ...(previous && { previous }) };
}

function replaceTerms(
  statements: Statements,
  key: string,
  { before, after }: { readonly before: string | null; readonly after: string | null },
): void {
  if (before === after) return;
  const old = parseTerms(before);
  const fresh = parseTerms(after);
  for (const term of old.difference(fresh)) statements.removeTerm.run(term, key);
  for (const term of fresh.difference(old)) statements.addTerm.run(term, key);
}

function termsText(terms: readonly string[] = []): string | null {
  return terms.length > 0 ? JSON.stringify(terms) : null;
}

function parseTerms(text: string | null): Set<string> {
  return new Set(text === null ? [] : (JSON.parse(text) as string[]));
}

function standingRev(row: Standing | undefined): number {
  return row?.[1] ? row[0] : 0;
}

function entryOf(key: string, row: Standing | undefined): KvEntry | undefined {
  return row?.[1] ? { key, rev: row[0], value: row[1] } : undefined;
}
