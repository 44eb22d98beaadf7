import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { ResourceStore, StoreEvent } from '#control/store';
import { isCoded } from '#errors';
import type { Clock } from './clock.ts';

/** A change of an object, as loops see it. `resync`: not a change, the object was met in a full list. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly kind: Kind;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
  readonly previous?: T | undefined;
  readonly resync: boolean;
}

export interface FeedOptions {
  readonly store: ResourceStore;
  readonly kind: Kind;
  readonly clock: Clock;
  /** Everything at or below this revision has been seen; left out: start with every object that exists. */
  readonly from?: string | undefined;
  readonly onChange: (change: Change) => void;
  /** Waited for between pages of a full list, so that a big one does not outrun the queues. */
  readonly room: () => Promise<void>;
  readonly onFailure?: (kind: Kind, error: unknown) => void;
}

const pageSize = 500;
const retryMilliseconds = 1000;

/**
 * The changes of one kind, in order, for as long as the program runs: a watch that is taken up again where it ended,
 * and a full list, page by page, where history was compacted away.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #abort = new AbortController();
  #seen: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#seen = options.from;
  }

  get kind(): Kind {
    return this.#options.kind;
  }

  /** The newest revision whose changes have all been handed on; undefined before the first full list is done. */
  get seen(): string | undefined {
    return this.#seen;
  }

  start(): void {
    this.#running ??= this.#follow();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #follow(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        this.#seen ??= await this.#listAll();
        await this.#watch(this.#seen);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        await this.#recover(error);
      }
    }
  }

  async #watch(from: string): Promise<void> {
    const { store, kind } = this.#options;
    for await (const event of store.watch({ kind }, { from, bookmarks: true, signal: this.#abort.signal })) {
      this.#deliver(event);
    }
  }

  #deliver(event: StoreEvent): void {
    if (event.type === 'BOOKMARK') {
      this.#seen = event.resourceVersion;
      return;
    }
    this.#options.onChange({ kind: this.#options.kind, resync: false, ...event });
    this.#seen = event.object.metadata.resourceVersion;
  }

  async #listAll(): Promise<string> {
    const { store, kind, room, onChange } = this.#options;
    for (let next: string | undefined, first: string | undefined; ;) {
      const page = await store.list({ kind }, { limit: pageSize, ...(next === undefined ? {} : { continue: next }) });
      first ??= page.resourceVersion;
      for (const object of page.items) onChange({ kind, type: 'ADDED', object, resync: true });
      next = page.continue;
      if (next === undefined || this.#abort.signal.aborted) return first;
      await room();
      await nextTurn();
    }
  }

  /** History that is gone means a full list; anything else is worth another try from the same place. */
  async #recover(error: unknown): Promise<void> {
    if (isCoded(error, 'gone', 'revision-too-large')) {
      this.#seen = undefined;
      return;
    }
    this.#options.onFailure?.(this.#options.kind, error);
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(retryMilliseconds, resolve);
      this.#abort.signal.addEventListener('abort', () => (timer.cancel(), resolve()), { once: true });
    });
  }
}
