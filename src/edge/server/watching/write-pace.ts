/** The least time that streams rest after they have written; an event that follows a quiet time does not wait. */
const restMilliseconds = 10;

/**
 * Says when streams write what they have gathered: at the end of this turn of the event loop, or together once they have
 * rested, at least for as long as the last writing took. Every write costs a system call and a TLS record for each
 * stream; in a flood of changes it carries several of them, and other requests get half of the time.
 */
export class WritePace {
  readonly #waiting = new Set<() => void>();
  #restedAt = 0;

  /** Calls `write` once, soon, however often it is handed in until then. */
  soon(write: () => void): void {
    this.#waiting.add(write);
    if (this.#waiting.size > 1) return;
    const rest = this.#restedAt - performance.now();
    if (rest <= 0) setImmediate(() => this.#writeAll());
    else setTimeout(() => this.#writeAll(), rest);
  }

  #writeAll(): void {
    const startedAt = performance.now();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const write of waiting) write();
    const endedAt = performance.now();
    this.#restedAt = endedAt + Math.max(restMilliseconds, endedAt - startedAt);
  }
}
