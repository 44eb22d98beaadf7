import { comparePostings } from './sqlite-recent-index.ts';
import type { IndexChange, Posting, RecentIndex } from './sqlite-recent-index.ts';
import type { Statements } from './sqlite-statements.ts';

/** The log and both halves of its indexes: on the disk, and the recent one. */
export interface Indexed {
  readonly statements: Statements;
  readonly recent: RecentIndex;
}

/** What the row `rev` of `key` changes; its terms, and those before it as they stand in the log. */
export function indexChange(key: string, rev: number, before: string | null, terms: readonly string[]): IndexChange {
  if (before === null) return { key, rev, gone: [], come: terms };
  const old = parseTerms(before);
  const gone = old.filter((term) => !terms.includes(term));
  return { key, rev, gone, come: terms.filter((term) => !old.includes(term)) };
}

/** Makes the recent indexes again, from the log after `merged`. */
export function replayLog({ statements, recent }: Indexed, merged: number): void {
  for (const [rev, key, before, after] of statements.changedRows.iterate(merged)) {
    recent.note(indexChange(key, rev, before, parseTerms(after)));
  }
}

function parseTerms(text: string | null): string[] {
  return text === null ? [] : (JSON.parse(text) as string[]);
}

/** Terms in [from, to) and the keys that have them, in order. */
export function findPostings({ statements, recent }: Indexed, from: string, to: string, limit: number): Posting[] {
  const noted = recent.postingsWithin(from.toWellFormed(), to.toWellFormed());
  // Each thing noted hides one row at most.
  const rows = statements.find.all(from, to, limit + noted.length).map(([term, key]) => ({ term, key }));
  if (noted.length === 0) return rows;
  const stored = rows.filter((posting) => recent.hasTerm(posting) === undefined);
  const present = noted.filter((posting) => recent.hasTerm(posting));
  return [...stored, ...present].sort(comparePostings).slice(0, limit);
}

/** How far the recent indexes have gone over to the disk. */
export interface MergeState {
  /** The indexes on the disk hold everything up to this revision. */
  readonly merged: number;
  /** The pass under way, which moves everything up to `start`: what was recent then, of which `moved` has gone. */
  readonly pass?: { readonly start: number; readonly items: readonly (string | Posting)[]; readonly moved: number };
}

/** A step of a pass. Once its transaction is committed, `moved` may be forgotten. */
export interface MergeStep {
  readonly state: MergeState;
  readonly moved: readonly (string | Posting)[];
}

/** Moves the next `count` keys and terms of a pass, in order, so that neighbours share a page. */
export function mergeStep(
  { statements, recent }: Indexed,
  { merged, pass }: MergeState,
  { newest, count }: { readonly newest: number; readonly count: number },
): MergeStep {
  const { start, items, moved: before } = pass ?? { start: newest, items: recent.contents(), moved: 0 };
  const moved = items.slice(before, before + count);
  for (const item of moved) {
    if (typeof item === 'string') statements.mergeKey.run(item, recent.rev(item)!);
    else (recent.hasTerm(item)! ? statements.addTerm : statements.removeTerm).run(item.term, item.key);
  }
  const after = before + moved.length;
  if (after < items.length) return { state: { merged, pass: { start, items, moved: after } }, moved };
  statements.writeNote.run('merged', start);
  return { state: { merged: start }, moved };
}
