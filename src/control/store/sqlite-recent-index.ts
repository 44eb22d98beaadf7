import { compareAsBytes } from './kv-revisions.ts';

/** A term and a key that has it. */
export interface Posting {
  readonly term: string;
  readonly key: string;
}

/** What a row of the log changes in the indexes. */
export interface IndexChange {
  readonly key: string;
  readonly rev: number;
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/**
 * The indexes of the revisions that those on the disk do not hold yet, in memory only: a commit appends to the log and
 * touches no page of the indexes on the disk, which lie at random. They go over many at a time, in order; after a crash
 * they are made again from the log. Knows only what is committed.
 */
export class RecentIndex {
  readonly #revs = new Map<string, number>();
  /** By term and key: whether the key has the term. False hides what the disk says. */
  readonly #terms = new Map<string, Map<string, boolean>>();

  note({ key, rev, gone, come }: IndexChange): void {
    this.#revs.set(key, rev);
    for (const term of gone) this.#noteTerm(term, key, false);
    for (const term of come) this.#noteTerm(term, key, true);
  }

  /** The newest row of `key`; undefined: the disk knows it. */
  rev(key: string): number | undefined {
    return this.#revs.get(key);
  }

  /** The keys in [from, end), sorted. */
  keysWithin(from: string, end: string): string[] {
    return [...this.#revs.keys()].filter((key) => key >= from && key < end).sort();
  }

  /** Undefined: the disk knows it. */
  hasTerm({ term, key }: Posting): boolean | undefined {
    return this.#terms.get(term)?.get(key);
  }

  /** What is noted of the terms in [from, to), sorted. */
  postingsWithin(from: string, to: string): Posting[] {
    // The range of one term, which is what loops ask for: no need to look at the others.
    if (to === `${from}\0`) return this.#postingsOf(from).sort(comparePostings);
    const isInside = (term: string) => compareAsBytes(term, from) >= 0 && compareAsBytes(term, to) < 0;
    const terms = [...this.#terms.keys()].filter(isInside);
    return terms.flatMap((term) => this.#postingsOf(term)).sort(comparePostings);
  }

  /** Everything, in the order in which it lies on the disk, roughly. */
  contents(): readonly (string | Posting)[] {
    const terms = [...this.#terms.keys()].sort();
    return [...[...this.#revs.keys()].sort(), ...terms.flatMap((term) => this.#postingsOf(term))];
  }

  /** Forgets what has gone to the disk. */
  forget(items: readonly (string | Posting)[]): void {
    for (const item of items) {
      if (typeof item === 'string') this.#revs.delete(item);
      else this.#forgetPosting(item);
    }
  }

  #noteTerm(term: string, key: string, present: boolean): void {
    const keys = this.#terms.get(term);
    if (keys === undefined) this.#terms.set(term, new Map([[key, present]]));
    else keys.set(key, present);
  }

  #postingsOf(term: string): Posting[] {
    return [...(this.#terms.get(term)?.keys() ?? [])].map((key) => ({ term, key }));
  }

  #forgetPosting({ term, key }: Posting): void {
    const keys = this.#terms.get(term);
    keys?.delete(key);
    if (keys?.size === 0) this.#terms.delete(term);
  }
}

export function comparePostings(a: Posting, b: Posting): number {
  return compareAsBytes(a.term, b.term) || compareAsBytes(a.key, b.key);
}
