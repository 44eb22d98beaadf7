const nobody: ReadonlySet<string> = new Set();

/**
 * Who looked at what, so that a change finds by one look-up whom it concerns: nearly every object concerns nobody. What
 * was missing counts as looked at. A term is added before its object is read, or a change in between would be lost.
 */
export class References {
  readonly #termsOf = new Map<string, Set<string>>();
  readonly #readersOf = new Map<string, Set<string>>();

  add(reader: string, term: string): void {
    addTo(this.#termsOf, reader, term);
    addTo(this.#readersOf, term, reader);
  }

  /** From now on `reader` rests on none but these terms. */
  keepOnly(reader: string, terms: { has(term: string): boolean }): void {
    for (const term of this.#termsOf.get(reader) ?? nobody) {
      if (terms.has(term)) continue;
      removeFrom(this.#termsOf, reader, term);
      removeFrom(this.#readersOf, term, reader);
    }
  }

  forget(reader: string): void {
    this.keepOnly(reader, nobody);
  }

  /** How many objects the reader rests on. */
  countOf(reader: string): number {
    return this.#termsOf.get(reader)?.size ?? 0;
  }

  readersOf(term: string): ReadonlySet<string> {
    return this.#readersOf.get(term) ?? nobody;
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}
