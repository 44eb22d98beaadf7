import type { Clock } from './clock.ts';
import { DelayedKeys } from './delayed-keys.ts';

/** What one run of a key did. */
export interface WorkResult {
  /** Resource versions the run wrote: events that bring only these back are no reason to run again. */
  readonly wrote?: readonly string[];
  /** When the key wants to be looked at again, whatever happens until then. */
  readonly again?: Date | undefined;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** How many keys are worked on at the same time; one key never is twice. */
  readonly concurrency: number;
  readonly work: (key: string) => Promise<WorkResult | void>;
  /** Waiting time after a failure: doubles from `first` up to `longest`, and starts over after a success. */
  readonly backOff: { readonly firstMilliseconds: number; readonly longestMilliseconds: number };
  readonly onFailure?: (key: string, error: unknown, attempt: number) => void;
  readonly onRun?: (key: string) => void;
  /** Above this many waiting keys `room()` makes producers wait. */
  readonly limit?: number;
}

/** Why a key waits: the resource versions of the events that asked for it; '' = no event. */
type Causes = Set<string>;

const noEvent = '';
const defaultLimit = 250_000;
/** A key that fails for longer than this no longer holds back the position of all others. */
const mostHeldBack = 10;

/**
 * Keys to work on, each at most once in the queue and never twice at the same time, first come first served. A key that
 * is asked for while it is worked on runs again afterwards; a key whose work throws comes back later and later.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Map<string, Causes>();
  readonly #active = new Map<string, { causes: Causes; again: Causes }>();
  readonly #failures = new Map<string, { attempts: number; causes: Causes }>();
  readonly #delayed: DelayedKeys;
  readonly #idleWaiters: (() => void)[] = [];
  readonly #roomWaiters: (() => void)[] = [];
  #stopped = false;
  #pumping = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#delayed = new DelayedKeys(options.clock, (key) => this.add(key));
  }

  /** Keys waiting for their turn, without the delayed ones. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Keys being worked on. */
  get active(): number {
    return this.#active.size;
  }

  get delayed(): number {
    return this.#delayed.size;
  }

  /** Asks for `key` now. `resourceVersion`: the event that is the reason. */
  add(key: string, resourceVersion = noEvent): void {
    if (this.#stopped) return;
    const active = this.#active.get(key);
    if (active !== undefined) {
      active.again.add(resourceVersion);
      return;
    }
    this.#delayed.remove(key);
    const causes = this.#waiting.get(key);
    if (causes === undefined) this.#waiting.set(key, new Set([resourceVersion]));
    else if (causes.size < 16) causes.add(resourceVersion);
    this.#schedulePump();
  }

  /** Asks for `key` at an instant; an earlier wish for the same key wins. */
  addAt(key: string, when: Date): void {
    if (this.#stopped || this.#waiting.has(key)) return;
    if (when <= this.#options.clock.now()) this.add(key);
    else this.#delayed.add(key, when.getTime());
  }

  /** Resolves when fewer keys than the limit wait: producers that can pause do. */
  async room(): Promise<void> {
    while (!this.#stopped && this.#waiting.size >= (this.#options.limit ?? defaultLimit)) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  /** Resolves when nothing waits and nothing runs; delayed keys do not count. */
  async idle(): Promise<void> {
    while (this.#waiting.size > 0 || this.#active.size > 0) {
      await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    }
  }

  /** The oldest event whose work is not done yet and not failing for long, as a number; undefined when there is none. */
  oldestOpenRevision(): number | undefined {
    let oldest = Infinity;
    const look = (causes: Causes): void => {
      for (const cause of causes) if (cause !== noEvent) oldest = Math.min(oldest, Number(cause));
    };
    for (const causes of this.#waiting.values()) look(causes);
    for (const { causes, again } of this.#active.values()) {
      look(causes);
      look(again);
    }
    for (const { attempts, causes } of this.#failures.values()) if (attempts <= mostHeldBack) look(causes);
    return oldest === Infinity ? undefined : oldest;
  }

  /** Takes no new keys, waits for the running ones. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    this.#delayed.clear();
    this.#wake(this.#roomWaiters);
    await this.idle();
  }

  /** Starting on the next turn lets a burst of events fold into one run of each key. */
  #schedulePump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    for (const [key, causes] of this.#waiting) {
      if (this.#active.size >= this.#options.concurrency) break;
      this.#waiting.delete(key);
      this.#active.set(key, { causes, again: new Set() });
      void this.#run(key);
    }
    if (this.#waiting.size < (this.#options.limit ?? defaultLimit)) this.#wake(this.#roomWaiters);
  }

  async #run(key: string): Promise<void> {
    this.#options.onRun?.(key);
    try {
      const result = await this.#options.work(key);
      this.#failures.delete(key);
      this.#finish(key, result?.wrote ?? []);
      if (result?.again !== undefined) this.addAt(key, result.again);
    } catch (error) {
      this.#fail(key, error);
    }
    this.#pump();
    if (this.#waiting.size === 0 && this.#active.size === 0) this.#wake(this.#idleWaiters);
  }

  #finish(key: string, wrote: readonly string[]): void {
    const again = this.#active.get(key)!.again;
    this.#active.delete(key);
    for (const resourceVersion of wrote) again.delete(resourceVersion);
    if (again.size > 0 && !this.#stopped) this.#waiting.set(key, again);
  }

  #fail(key: string, error: unknown): void {
    const { causes } = this.#active.get(key)!;
    const attempts = (this.#failures.get(key)?.attempts ?? 0) + 1;
    const { firstMilliseconds, longestMilliseconds } = this.#options.backOff;
    const delay = Math.min(longestMilliseconds, firstMilliseconds * 2 ** Math.min(attempts - 1, 30));
    this.#failures.set(key, { attempts, causes });
    this.#options.onFailure?.(key, error, attempts);
    this.#finish(key, []);
    if (!this.#stopped) this.addAt(key, new Date(this.#options.clock.now().getTime() + delay));
  }

  #wake(waiters: (() => void)[]): void {
    for (const resolve of waiters.splice(0)) resolve();
  }
}
