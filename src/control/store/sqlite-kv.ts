import { setImmediate as nextTurn } from 'node:timers/promises';
import { isCoded } from '#errors';
import { assertChanges, assertKnownRevision, closedError } from './kv-revisions.ts';
import { RecentEvents } from './kv-recent.ts';
import { CommitBell, followEvents } from './kv-watch.ts';
import { CommitQueue } from './sqlite-commit-queue.ts';
import { compactInSlices } from './sqlite-compaction.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { readEntry, readHistory, readPage } from './sqlite-reader.ts';
import { findPostings, mergeStep, replayLog } from './sqlite-index.ts';
import { RecentIndex } from './sqlite-recent-index.ts';
import { prepareStatements } from './sqlite-statements.ts';
import { writeGroup } from './sqlite-writer.ts';
import type { Notes } from './encryption/open-keyring.ts';
import type { RewritableValues } from './encryption/rotate-keys.ts';
import type { Kv, KvBatch, KvChange, KvCommit, KvEntry } from './kv.ts';
import type { WatchSource } from './kv-watch.ts';
import type { Indexed, MergeState, MergeStep } from './sqlite-index.ts';
import type { Statements } from './sqlite-statements.ts';
import type { WrittenGroup } from './sqlite-writer.ts';

const recentPerBatch = 1000;
const rowsPerRewrite = 500;
const itemsPerMerge = 1000;
export interface SqliteOptions {
  /** Bounds the file; a write beyond it fails as on a full disk. */
  readonly limitBytes?: number;
  /** How much of the newest events stays in memory for watchers. Default 8 MiB. */
  readonly recentBytes?: number;
  /** How many changes the indexes on the disk may lag behind before they catch up, with each commit a little. Default 8192. */
  readonly mergeAfter?: number;
}

/** How far a restored copy jumps ahead: more than any client can have seen since the copy was made. */
const restoreJump = 1_000_000;

/**
 * Keys in one SQLite file, for one process. Commits are on the disk when they are answered, those of one turn of the
 * event loop together. Watchers read from memory while they keep up, and from the file when they do not.
 */
export class SqliteKv implements Kv, WatchSource, RewritableValues, Notes {
  readonly atomic = true;
  readonly #connection: SqliteConnection;
  readonly #statements: Statements;
  readonly #indexed: Indexed;
  readonly #queue = new CommitQueue((callers) => this.#writeGroup(callers));
  readonly #recent: RecentEvents;
  readonly #mergeAfter: number;
  readonly #bell = new CommitBell();
  #compacting: Promise<void> = Promise.resolve();
  #newest: number;
  #compacted: number;
  #merge: MergeState;
  #closed = false;

  private constructor(connection: SqliteConnection, { recentBytes, mergeAfter }: SqliteOptions) {
    this.#connection = connection;
    this.#recent = new RecentEvents(recentBytes ?? 8 * 2 ** 20);
    this.#mergeAfter = mergeAfter ?? 8192;
    this.#statements = prepareStatements(connection.database);
    this.#compacted = Number(this.#statements.readNote.get('compacted')?.[0]);
    this.#merge = { merged: Number(this.#statements.readNote.get('merged')?.[0]) };
    this.#indexed = { statements: this.#statements, recent: new RecentIndex() };
    replayLog(this.#indexed, this.#merge.merged);
    // Compaction may have removed the newest row, when that was a deletion.
    this.#newest = Math.max(this.#compacted, this.#statements.newest.get()?.[0] ?? 0);
  }

  /** Opens `file`, or makes it. Throws store-damaged, store-locked, store-unavailable, store-full. */
  static open(file: string, options: SqliteOptions = {}): SqliteKv {
    const connection = SqliteConnection.open(file, options);
    try {
      return connection.run(() => new SqliteKv(connection, options));
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get newest(): number {
    return this.#newest;
  }

  get compacted(): number {
    return this.#compacted;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async get(key: string): Promise<{ rev: number; entry?: KvEntry }> {
    const entry = this.#run(() => readEntry(this.#indexed, key));
    return { rev: this.#newest, ...(entry && { entry }) };
  }

  async list(
    prefix: string,
    options: { readonly at?: number; readonly after?: string; readonly limit?: number } = {},
  ): Promise<{ rev: number; entries: KvEntry[]; more: boolean }> {
    const rev = options.at ?? this.#newest;
    assertKnownRevision(rev, this);
    const page = { at: rev, after: options.after ?? '', limit: options.limit ?? Infinity };
    return { rev, ...this.#run(() => readPage(this.#indexed, prefix, page)) };
  }

  async commit(changes: readonly KvChange[]): Promise<KvCommit> {
    assertChanges(changes);
    this.#assertOpen();
    return this.#queue.add(changes);
  }

  async *watch(prefix: string, after: number, signal: AbortSignal): AsyncGenerator<KvBatch, void, undefined> {
    this.#assertOpen();
    assertKnownRevision(after, this);
    yield* followEvents(this, this.#bell, { prefix, after, signal });
  }

  eventsAfter(prefix: string, after: number): KvBatch {
    assertKnownRevision(after, this);
    return (
      this.#recent.after(prefix, after, recentPerBatch) ??
      this.#run(() => readHistory(this.#statements, prefix, { after, newest: this.#newest }))
    );
  }

  async compact(rev: number): Promise<void> {
    const earlier = this.#compacting;
    const turn = Promise.withResolvers<void>();
    this.#compacting = turn.promise;
    await earlier;
    try {
      await this.#compactNow(rev);
    } finally {
      turn.resolve();
    }
  }

  async find(from: string, to: string, limit: number): Promise<{ term: string; key: string }[]> {
    return this.#run(() => findPostings(this.#indexed, from, to, limit));
  }

  /**
   * For a database that was restored from a copy: compacts everything and jumps ahead, so that clients who saw
   * revisions which the copy lacks are told gone and list again. Answers the new revision.
   */
  async bumpRevision(): Promise<number> {
    while (this.#compacted < this.#newest) await this.compact(this.#newest);
    const rev = this.#newest + restoreJump;
    this.#connection.transaction(() => {
      for (const name of ['compacted', 'merged']) this.#statements.writeNote.run(name, rev);
    });
    this.#merge = { merged: rev };
    this.#newest = rev;
    this.#compacted = rev;
    this.#recent.clear();
    this.#bell.ring();
    return rev;
  }

  readNote(name: string): Uint8Array | undefined {
    const value = this.#run(() => this.#statements.readNote.get(name))?.[0];
    return value instanceof Uint8Array ? value : undefined;
  }

  writeNote(name: string, value: Uint8Array): void {
    this.#assertOpen();
    this.#connection.transaction(() => this.#statements.writeNote.run(name, value));
  }

  rewriteValues(
    after: number,
    start: Uint8Array,
    change: (key: string, value: Uint8Array) => Uint8Array | undefined,
  ): { readonly rev: number; readonly done: boolean } {
    this.#assertOpen();
    return this.#connection.transaction(() => {
      const rows = this.#statements.valuesWithStart.all(start.length, start, after, rowsPerRewrite);
      for (const [rev, key, value] of rows) {
        const changed = value && change(key, value);
        if (changed) this.#statements.replaceValue.run(changed, rev);
      }
      return { rev: rows.at(-1)?.[0] ?? after, done: rows.length < rowsPerRewrite };
    });
  }

  /** Empties the write-ahead log and the recent events; replaced values have gone from their pages by then. */
  scrub(): void {
    this.#recent.clear();
    this.#run(() => this.#connection.database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  /** Commits what waits, then closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#queue.flush();
    this.#closed = true;
    this.#bell.ring();
    await this.#compacting;
    this.#mergeAtLeisure();
    this.#connection.close();
  }

  #writeGroup(callers: readonly (readonly KvChange[])[]): readonly KvCommit[] {
    const { answers, events, changes, merge } = this.#connection.transaction(() => {
      const group = writeGroup(this.#indexed, this.#newest, callers);
      return { ...group, merge: this.#mergeAlong(group) };
    });
    this.#noteMerged(merge);
    for (const change of changes) this.#indexed.recent.note(change);
    this.#newest += events.length;
    this.#recent.add(events);
    if (events.length > 0) this.#bell.ring();
    return answers;
  }

  /** Twice as much as the group adds, so that the recent indexes do not grow faster than they go over. */
  #mergeAlong({ changes }: WrittenGroup): MergeStep {
    const due = this.#merge.pass !== undefined || this.#newest - this.#merge.merged > this.#mergeAfter;
    if (!due || changes.length === 0) return { state: this.#merge, moved: [] };
    let added = changes.length;
    for (const { gone, come } of changes) added += gone.length + come.length;
    return mergeStep(this.#indexed, this.#merge, { newest: this.#newest, count: 2 * added });
  }

  #mergeSlice(): void {
    const step = { newest: this.#newest, count: itemsPerMerge };
    this.#noteMerged(this.#connection.transaction(() => mergeStep(this.#indexed, this.#merge, step)));
  }

  #noteMerged({ state, moved }: MergeStep): void {
    this.#merge = state;
    this.#indexed.recent.forget(moved);
  }

  /** Saves the next start the work; what a full disk does not let through is made again from the log then. */
  #mergeAtLeisure(): void {
    try {
      while (this.#merge.merged < this.#newest) this.#mergeSlice();
    } catch (error) {
      if (!isCoded(error, 'store-full', 'store-unavailable')) throw error;
    }
  }

  async #compactNow(rev: number): Promise<void> {
    this.#assertOpen();
    if (rev <= this.#compacted) return;
    assertKnownRevision(rev, this);
    const onProgress = (compacted: number) => {
      this.#compacted = compacted;
    };
    // Rows that the indexes on the disk have not caught up with are still needed to make the recent ones again.
    while (this.#merge.merged < rev && !this.#closed) {
      this.#mergeSlice();
      await nextTurn();
    }
    const range = { compacted: this.#compacted, upTo: rev };
    await compactInSlices(this.#connection, this.#statements, range, { onProgress, stopped: () => this.#closed });
  }

  #run<T>(work: () => T): T {
    this.#assertOpen();
    return this.#connection.run(work);
  }

  #assertOpen(): void {
    if (this.#closed) throw closedError();
  }
}
