/**
 * Which units looked at what: a unit is what is compiled at once, a term names what was looked at, found or not. Answers
 * who must be compiled again when something changes, and what nobody looks at any more.
 */
export class TermIndex {
  readonly #termsOf = new Map<string, ReadonlySet<string>>();
  readonly #unitsOf = new Map<string, Set<string>>();

  /** The units that looked at `term` when they were compiled last. */
  unitsOf(term: string): Iterable<string> {
    return this.#unitsOf.get(term) ?? [];
  }

  /** Replaces what `unit` looked at; answers the terms that nobody looks at any more. */
  note(unit: string, terms: ReadonlySet<string>): string[] {
    const before = this.#termsOf.get(unit) ?? new Set<string>();
    for (const term of terms) {
      const units = this.#unitsOf.get(term);
      if (units === undefined) this.#unitsOf.set(term, new Set([unit]));
      else units.add(unit);
    }
    if (terms.size === 0) this.#termsOf.delete(unit);
    else this.#termsOf.set(unit, terms);
    return [...before].filter((term) => !terms.has(term) && this.#forget(term, unit));
  }

  /** Whether `unit` was the last to look at `term`. */
  #forget(term: string, unit: string): boolean {
    const units = this.#unitsOf.get(term)!;
    units.delete(unit);
    if (units.size > 0) return false;
    this.#unitsOf.delete(term);
    return true;
  }
}
