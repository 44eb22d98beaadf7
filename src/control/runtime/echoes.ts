/**
 * Resource versions that this process wrote and whose events have not come back yet. Bounded: a forgotten one costs one
 * needless look at an object, nothing else.
 */
export class Echoes {
  readonly #expected = new Set<string>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  expect(resourceVersions: Iterable<string>): void {
    for (const resourceVersion of resourceVersions) {
      if (this.#expected.size >= this.#limit) this.#forgetOldest();
      this.#expected.add(resourceVersion);
    }
  }

  /** Whether the event at this resource version is the echo of an own write; says so once. */
  take(resourceVersion: string): boolean {
    return this.#expected.delete(resourceVersion);
  }

  #forgetOldest(): void {
    for (const oldest of this.#expected) {
      this.#expected.delete(oldest);
      return;
    }
  }
}
