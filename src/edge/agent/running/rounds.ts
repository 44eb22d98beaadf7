import type { Clock, Timer } from '#control/runtime';

export interface RoundsOptions {
  readonly clock: Clock;
  /** One round; answers after how many milliseconds the next one begins if nobody wakes it before. */
  readonly round: () => Promise<number>;
}

/** One round after the other, never two at a time: when woken, and after a while. */
export class Rounds {
  readonly #options: RoundsOptions;
  #isWoken = false;
  #isStopped = false;
  #running: Promise<void> | undefined;
  #timer: Timer | undefined;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Whether the round that runs is out of date: something has changed since it began, or it shall end. */
  get isOutdated(): boolean {
    return this.#isWoken || this.#isStopped;
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#running !== undefined || this.#isStopped) return;
    this.#timer?.cancel();
    this.#running = this.#run();
  }

  /** Resolves when the round that runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pause = 0;
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      pause = await this.#options.round();
    }
    this.#running = undefined;
    if (this.#isStopped) return;
    if (this.#isWoken) this.wake();
    else this.#timer = this.#options.clock.after(pause, () => this.wake());
  }
}
