import type { Topic, Waiter } from './topic.ts';

/** Lets one watcher sleep until an event under its prefix is published, or its signal aborts. */
export class Doorbell implements Waiter {
  readonly prefix: string;
  readonly #signal: AbortSignal;
  #wake: (() => void) | undefined;
  readonly #onAbort = () => {
    this.wake();
  };

  constructor(prefix: string, signal: AbortSignal) {
    this.prefix = prefix;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  async wait(topic: Topic): Promise<void> {
    if (this.#signal.aborted) return;
    topic.wait(this);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    topic.stopWaiting(this);
  }

  dispose(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
