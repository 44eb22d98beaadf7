import type { Kv } from './kv.ts';
import { planCompaction } from './retention.ts';
import type { RetentionPolicy, RevisionSample } from './retention.ts';

export interface RetentionLoopOptions {
  readonly policy?: RetentionPolicy;
  readonly everyMilliseconds: number;
  /** Milliseconds of a steady clock. */
  readonly clock: () => number;
}

/** Compacts a kv at a steady pace. A compaction that fails is tried again at the next turn, with what came since. */
export class RetentionLoop {
  readonly #kv: Kv;
  readonly #options: RetentionLoopOptions;
  readonly #timer: NodeJS.Timeout;
  #samples: readonly RevisionSample[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(kv: Kv, options: RetentionLoopOptions) {
    this.#kv = kv;
    this.#options = options;
    this.#timer = setInterval(() => void this.turn(), options.everyMilliseconds).unref();
  }

  /** Looks once, now; never fails. */
  turn(): Promise<void> {
    this.#running = this.#running.then(() => this.#compact()).catch(() => undefined);
    return this.#running;
  }

  /** Resolves when no compaction runs any more, and none will. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #compact(): Promise<void> {
    const { rev } = await this.#kv.get('');
    const plan = planCompaction(this.#samples, { at: this.#options.clock(), rev }, this.#options.policy);
    this.#samples = plan.samples;
    if (plan.compactTo !== undefined) await this.#kv.compact(plan.compactTo);
  }
}
