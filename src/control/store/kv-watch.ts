import type { KvBatch } from './kv.ts';

/** Where a watch reads from. It pulls at its own pace, so a watcher that does not read costs one number. */
export interface WatchSource {
  readonly newest: number;
  readonly closed: boolean;
  /** A bounded batch of the events strictly after `after`, which is below `newest`. Throws gone. */
  eventsAfter(prefix: string, after: number): KvBatch;
}

/** Wakes those who wait for the next commit. */
export class CommitBell {
  readonly #sleepers = new Set<() => void>();

  ring(): void {
    const woken = [...this.#sleepers];
    this.#sleepers.clear();
    for (const wake of woken) wake();
  }

  /** Settles at the next ring, or when `signal` aborts. */
  async next(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      resolve();
    };
    this.#sleepers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    signal.removeEventListener('abort', wake);
    this.#sleepers.delete(wake);
  }
}

/**
 * Follows `source` from `after`. There is no subscription to race with: each round asks for what lies after the last
 * revision that was handed out, so nothing is missed and nothing comes twice.
 */
export async function* followEvents(
  source: WatchSource,
  bell: CommitBell,
  { prefix, after, signal }: { readonly prefix: string; readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<KvBatch, void, undefined> {
  let sent = after;
  while (!signal.aborted && !source.closed) {
    if (sent === source.newest) {
      await bell.next(signal);
      continue;
    }
    const batch = source.eventsAfter(prefix, sent);
    sent = batch.rev;
    yield batch;
  }
}
