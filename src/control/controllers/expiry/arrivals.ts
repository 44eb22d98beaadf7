/** Identities of certificates that came in alarm, by the key under which they are still to be looked at. */
export class Arrivals {
  readonly #byKey = new Map<string, Set<string>>();

  add(key: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    const waiting = this.#byKey.get(key);
    if (waiting === undefined) this.#byKey.set(key, new Set(ids));
    else for (const id of ids) waiting.add(id);
  }

  /** Those under `key` so far; they stay until they are said to be done, because a look may fail. */
  under(key: string): ReadonlySet<string> {
    return new Set(this.#byKey.get(key));
  }

  done(key: string, ids: ReadonlySet<string>): void {
    const waiting = this.#byKey.get(key);
    for (const id of ids) waiting?.delete(id);
    if (waiting?.size === 0) this.#byKey.delete(key);
  }
}
