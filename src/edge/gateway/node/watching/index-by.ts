/** Keys of objects by the terms under which they are found. */
export class IndexBy {
  readonly #keys = new Map<string, Set<string>>();

  find(term: string): Iterable<string> {
    return this.#keys.get(term) ?? [];
  }

  add(terms: readonly string[], key: string): void {
    for (const term of terms) {
      const keys = this.#keys.get(term);
      if (keys === undefined) this.#keys.set(term, new Set([key]));
      else keys.add(key);
    }
  }

  remove(terms: readonly string[], key: string): void {
    for (const term of terms) {
      const keys = this.#keys.get(term);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(term);
    }
  }
}
