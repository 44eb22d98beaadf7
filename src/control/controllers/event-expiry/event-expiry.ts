import { formatTimestamp } from '#model/objects';
import { isCoded } from '#errors';
import type { Timer } from '#control/runtime';
import { writeOptions } from '../context.ts';
import type { LoopContext } from '../context.ts';

const lifetimeMilliseconds = 3600_000;
const everyMilliseconds = 60_000;
const pageSize = 500;

/** Forgets Events an hour after they last happened, as Kubernetes does. */
export class EventExpiry {
  readonly #context: LoopContext;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(context: LoopContext) {
    this.#context = context;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#context.clock.after(everyMilliseconds, () => {
      void this.prune()
        .catch((error: unknown) => this.#context.log.warn({ problem: String(error) }, 'old events were not removed'))
        .then(() => this.start());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Deletes what has expired by now; answers how many. */
  async prune(): Promise<number> {
    const { store, kinds, clock } = this.#context;
    const to = formatTimestamp(new Date(clock.now().getTime() - lifetimeMilliseconds));
    let pruned = 0;
    for (;;) {
      const expired = await store.scan(kinds.event, 'expiry', { from: '', to, limit: pageSize });
      let removed = 0;
      for (const { namespace, name } of expired) removed += await this.#remove(namespace, name);
      pruned += removed;
      if (this.#stopped || expired.length < pageSize || removed === 0) return pruned;
    }
  }

  async #remove(namespace: string, name: string): Promise<number> {
    const { store, kinds } = this.#context;
    try {
      await store.delete({ kind: kinds.event, namespace, name }, writeOptions);
      return 1;
    } catch (error) {
      if (isCoded(error, 'not-found')) return 0;
      throw error;
    }
  }
}
