/**
 * What may come of something that is tried while changes are under way: until a change is known to be in force, what was
 * before and what shall be are both right; from then on until the next change is sent, only one is.
 */
export class Expectation<T> {
  #possible: ReadonlySet<T>;
  readonly #watches = new Set<Set<T>>();

  constructor(only: T) {
    this.#possible = new Set([only]);
  }

  /** All that is possible now. */
  get possible(): ReadonlySet<T> {
    return this.#possible;
  }

  /** A change is being sent; it may pass through `steps` on its way. */
  changing(...steps: readonly T[]): void {
    this.#possible = new Set([...this.#possible, ...steps]);
    for (const watch of this.#watches) for (const step of steps) watch.add(step);
  }

  /** The last change is in force. */
  settled(only: T): void {
    this.#possible = new Set([only]);
    for (const watch of this.#watches) watch.add(only);
  }

  /** Begins a watch; calling what it answers ends it and tells all that was possible meanwhile. */
  watch(): () => ReadonlySet<T> {
    const seen = new Set(this.#possible);
    this.#watches.add(seen);
    return () => {
      this.#watches.delete(seen);
      return seen;
    };
  }
}
