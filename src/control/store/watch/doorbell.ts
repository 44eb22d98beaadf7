import type { Topic, Waiter } from './topic.ts';

/** Lets one watcher sleep until an event under its prefix is published, or its signal aborts. */
export class Doorbell implements Waiter {
  readonly prefix: string;
  readonly isExact: boolean;
  readonly #signal: AbortSignal;
  #wake: ((seen: number | undefined) => void) | undefined;
  readonly #onAbort = () => {
    this.wake(undefined);
  };

  constructor(prefix: string, isExact: boolean, signal: AbortSignal) {
    this.prefix = prefix;
    this.isExact = isExact;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  wake(seen: number | undefined): void {
    this.#wake?.(seen);
    this.#wake = undefined;
  }

  /** Answers up to which revision nothing has happened to what is waited for, when that is known. */
  async wait(topic: Topic): Promise<number | undefined> {
    if (this.#signal.aborted) return undefined;
    topic.wait(this);
    const seen = await new Promise<number | undefined>((resolve) => {
      this.#wake = resolve;
    });
    topic.stopWaiting(this);
    return seen;
  }

  dispose(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
