import type { Clock } from '#control/runtime';

/** Waiting times between attempts: double each time up to `longest`, each shortened at random by up to a half. */
export class BackOff {
  readonly #first: number;
  readonly #longest: number;
  readonly #random: () => number;
  #attempts = 0;

  constructor(firstMilliseconds: number, longestMilliseconds: number, random: () => number) {
    this.#first = firstMilliseconds;
    this.#longest = longestMilliseconds;
    this.#random = random;
  }

  /** How long to wait before the next attempt, in milliseconds. */
  next(): number {
    const full = Math.min(this.#longest, this.#first * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    return full * (1 - this.#random() / 2);
  }

  /** The next failure counts as the first again. */
  reset(): void {
    this.#attempts = 0;
  }
}

/** Resolves after `milliseconds`, or as soon as `signal` is aborted. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = clock.after(milliseconds, finish);
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      timer.cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
