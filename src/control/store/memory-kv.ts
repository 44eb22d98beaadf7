import { assertChanges, assertKnownRevision, closedError } from './kv-revisions.ts';
import { CommitBell, followEvents } from './kv-watch.ts';
import { MemoryTerms } from './memory-kv-terms.ts';
import { MemoryVersions } from './memory-kv-versions.ts';
import type { Kv, KvBatch, KvChange, KvCommit, KvEntry, KvEvent } from './kv.ts';
import type { WatchSource } from './kv-watch.ts';

const eventsPerBatch = 1000;

/** The contract in plain memory: for tests, dry runs, and as the simple twin that other backends are compared to. */
export class MemoryKv implements Kv, WatchSource {
  readonly atomic = true;
  readonly #versions = new MemoryVersions();
  readonly #terms = new MemoryTerms();
  readonly #bell = new CommitBell();
  /** The events of (compacted, newest], so that revision r is at r - compacted - 1. */
  #events: KvEvent[] = [];
  #compacted = 0;
  #closed = false;

  get newest(): number {
    return this.#compacted + this.#events.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async get(key: string): Promise<{ rev: number; entry?: KvEntry }> {
    this.#assertOpen();
    const entry = this.#versions.current(key);
    return { rev: this.newest, ...(entry && { entry }) };
  }

  async list(
    prefix: string,
    options: { readonly at?: number; readonly after?: string; readonly limit?: number } = {},
  ): Promise<{ rev: number; entries: KvEntry[]; more: boolean }> {
    this.#assertOpen();
    const rev = options.at ?? this.newest;
    this.#assertKnown(rev);
    const limit = options.limit ?? Infinity;
    const entries = this.#versions.list(prefix, { at: rev, after: options.after ?? '', limit: limit + 1 });
    return { rev, entries: entries.slice(0, limit), more: entries.length > limit };
  }

  async commit(changes: readonly KvChange[]): Promise<KvCommit> {
    assertChanges(changes);
    this.#assertOpen();
    const failed = changes.findIndex(({ key, expect }) => (this.#versions.current(key)?.rev ?? 0) !== expect);
    if (failed >= 0) {
      const current = this.#versions.current(changes[failed]!.key);
      return { ok: false, failed, ...(current && { current }) };
    }
    const revs = changes.map((change) => this.#apply(change));
    this.#bell.ring();
    return { ok: true, revs };
  }

  async *watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<KvBatch, void, undefined> {
    this.#assertOpen();
    this.#assertKnown(after);
    yield* followEvents(this, this.#bell, { prefix, after, signal });
  }

  eventsAfter(prefix: string, after: number): KvBatch {
    this.#assertKnown(after);
    const from = after - this.#compacted;
    const batch = this.#events.slice(from, from + eventsPerBatch);
    return { rev: after + batch.length, events: batch.filter(({ key }) => key.startsWith(prefix)) };
  }

  async compact(rev: number): Promise<void> {
    this.#assertOpen();
    if (rev <= this.#compacted) return;
    this.#assertKnown(rev);
    const forgotten = this.#events.splice(0, rev - this.#compacted);
    this.#compacted = rev;
    for (const { key } of forgotten) this.#versions.forget(key, rev);
  }

  async find(from: string, to: string, limit: number): Promise<{ term: string; key: string }[]> {
    this.#assertOpen();
    return this.#terms.find(from, to, limit);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#bell.ring();
  }

  #apply({ key, value, terms }: KvChange): number {
    const rev = this.newest + 1;
    const previous = this.#versions.current(key);
    this.#versions.add(key, rev, value);
    this.#terms.replace(key, value === null ? [] : (terms ?? []));
    this.#events.push({ key, rev, ...(value && { value }), ...(previous && { previous }) });
    return rev;
  }

  #assertOpen(): void {
    if (this.#closed) throw closedError();
  }

  #assertKnown(rev: number): void {
    assertKnownRevision(rev, { compacted: this.#compacted, newest: this.newest });
  }
}
