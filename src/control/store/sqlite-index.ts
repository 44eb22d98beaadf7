import type { Bound, Statements } from './sqlite-statements.ts';

/** How the terms of a key changed; each as it stands in the log. */
export interface TermChange {
  readonly before: string | null;
  readonly after: string | null;
}

/** Notes in the recent indexes that `rev` is now the newest row of `key`. Answers how many terms came or went. */
export function indexChange(statements: Statements, key: string, rev: number, terms: TermChange): number {
  statements.setRecent.run(key, rev);
  return indexTerms(statements, key, terms);
}

/** Makes the recent indexes again, from the log after `merged`. */
export function replayLog(statements: Statements, merged: number): void {
  statements.replayKeys.run(merged);
  for (const [key, before, after] of statements.changedTerms.iterate(merged)) {
    indexTerms(statements, key, { before, after });
  }
}

export function termsText(terms: readonly string[] = []): string | null {
  return terms.length > 0 ? JSON.stringify(terms) : null;
}

function indexTerms(statements: Statements, key: string, { before, after }: TermChange): number {
  if (before === after) return 0;
  const [old, fresh] = [parseTerms(before), parseTerms(after)];
  const [gone, come] = [old.difference(fresh), fresh.difference(old)];
  for (const term of gone) statements.setRecentTerm.run(term, key, 0);
  for (const term of come) statements.setRecentTerm.run(term, key, 1);
  return gone.size + come.size;
}

function parseTerms(text: string | null): Set<string> {
  return new Set(text === null ? [] : (JSON.parse(text) as string[]));
}

/** How far the recent indexes have gone over to the disk. */
export interface MergeState {
  /** The indexes on the disk hold everything up to this revision. */
  readonly merged: number;
  /** The pass under way, which moves everything up to `start`; undefined: none. An undefined place: that end is reached. */
  readonly pass?: {
    readonly start: number;
    readonly key?: string;
    readonly term?: readonly [term: string, key: string];
  };
}

/**
 * Moves the next `keys` keys and `terms` terms of a pass, in order, so that neighbours share a page. A pass that has
 * come to both ends has moved all that was there when it began. Answers the state once the transaction is committed.
 */
export function mergeStep(
  statements: Statements,
  state: MergeState,
  step: { readonly newest: number; readonly keys: number; readonly terms: number },
): MergeState {
  const pass = state.pass ?? { start: step.newest, key: '', term: ['', ''] as const };
  const key = pass.key === undefined ? undefined : mergeKeys(statements, pass.key, step.keys);
  const term = pass.term === undefined ? undefined : mergeTerms(statements, pass.term, step.terms);
  if (key !== undefined || term !== undefined) {
    return {
      merged: state.merged,
      pass: { start: pass.start, ...(key !== undefined && { key }), ...(term && { term }) },
    };
  }
  statements.writeNote.run('merged', pass.start);
  return { merged: pass.start };
}

const afterEveryText: Bound = new Uint8Array(0);

function mergeKeys(statements: Statements, after: string, count: number): string | undefined {
  const last = statements.recentKeyAhead.get(after, count - 1)?.[0];
  const upTo = last ?? afterEveryText;
  statements.mergeKeys.run(after, upTo);
  statements.dropKeys.run(after, upTo);
  return last;
}

function mergeTerms(
  statements: Statements,
  after: readonly [term: string, key: string],
  count: number,
): readonly [term: string, key: string] | undefined {
  const last = statements.recentTermAhead.get(...after, count - 1);
  const range = [...after, ...(last ?? ([afterEveryText, afterEveryText] as const))] as const;
  statements.mergeTerms.run(...range);
  statements.removeTerms.run(...range);
  statements.dropTerms.run(...range);
  return last;
}
