import { compareAsBytes } from './kv-revisions.ts';

interface Posting {
  readonly term: string;
  readonly key: string;
}

/** The index terms of the current state. */
export class MemoryTerms {
  readonly #byKey = new Map<string, readonly string[]>();
  #sorted: Posting[] | undefined = [];

  replace(key: string, terms: readonly string[]): void {
    const before = this.#byKey.get(key) ?? [];
    if (terms.length > 0) this.#byKey.set(key, [...new Set(terms)]);
    else this.#byKey.delete(key);
    if (before.length > 0 || terms.length > 0) this.#sorted = undefined;
  }

  find(from: string, to: string, limit: number): Posting[] {
    this.#sorted ??= this.#postings().sort((a, b) => compareAsBytes(a.term, b.term) || compareAsBytes(a.key, b.key));
    return this.#sorted
      .filter(({ term }) => compareAsBytes(term, from) >= 0 && compareAsBytes(term, to) < 0)
      .slice(0, limit);
  }

  #postings(): Posting[] {
    return [...this.#byKey].flatMap(([key, terms]) => terms.map((term) => ({ term, key })));
  }
}
