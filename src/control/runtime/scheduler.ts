import type { ResourceStore } from '#control/store';
import type { Kind } from '#model/resources';
import type { Clock, Timer } from './clock.ts';

export interface SchedulerOptions {
  readonly store: ResourceStore;
  readonly kind: Kind;
  /** Index whose values are RFC 3339 instants in UTC: they sort as bytes. */
  readonly index: string;
  readonly clock: Clock;
  /** How far ahead keys are taken into the heap. */
  readonly windowMilliseconds: number;
  /** How much sooner than the indexed instant an object may want to be looked at. */
  readonly leadMilliseconds?: number;
  readonly onDue: (namespace: string, name: string, at: Date) => void;
  readonly onFailure?: (error: unknown) => void;
}

const pageSize = 500;

/**
 * Calls back ahead of the instants in an index. Only the next window is ever read, so that any number of far instants
 * costs nothing; what falls into the current window after it was read is for the caller to notice.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Reads the first window and keeps reading on, half a window before each ends. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    await this.#readWindow().catch((error: unknown) => this.#options.onFailure?.(error));
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(this.#options.windowMilliseconds / 2, () => void this.start());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #readWindow(): Promise<void> {
    const { store, kind, index, clock, windowMilliseconds, leadMilliseconds = 0 } = this.#options;
    const to = instant(clock.now().getTime() + windowMilliseconds + leadMilliseconds);
    let from = '';
    let limit = pageSize;
    while (!this.#stopped) {
      const found = await store.scan(kind, index, { from, to, limit });
      for (const { value, namespace, name } of found) this.#announce(value, namespace, name);
      if (found.length < limit) return;
      const last = found.at(-1)!.value;
      // More objects of one instant than a page holds cannot be stepped over by value: ask for a bigger page.
      limit = last === from ? limit * 2 : pageSize;
      from = last;
    }
  }

  #announce(value: string, namespace: string, name: string): void {
    const at = Date.parse(value) - (this.#options.leadMilliseconds ?? 0);
    if (!Number.isNaN(at)) this.#options.onDue(namespace, name, new Date(at));
  }
}

function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
