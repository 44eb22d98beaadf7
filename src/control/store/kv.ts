/** A stored value and the revision that wrote it. */
export interface KvEntry {
  readonly key: string;
  readonly rev: number;
  readonly value: Uint8Array;
}

/** One change of one key. `expect` is the revision it must still have: 0 = absent. `value` null deletes. */
export interface KvChange {
  /** Printable ASCII, so that every backend sorts it alike. */
  readonly key: string;
  readonly expect: number;
  /** Belongs to the store once given: it may be kept for watchers, so its bytes must not change any more. */
  readonly value: Uint8Array | null;
  /** Index terms of the new value; they replace the key's old ones, and belong to the current state only. */
  readonly terms?: readonly string[];
}

export interface KvEvent {
  readonly key: string;
  readonly rev: number;
  /** Undefined: the key was deleted at `rev`. */
  readonly value?: Uint8Array;
  /** What stood there before, when it is still known. */
  readonly previous?: KvEntry;
}

export type KvCommit =
  | { readonly ok: true; readonly revs: readonly number[] }
  /** Index of the first change whose `expect` did not hold, and what stands there. */
  | { readonly ok: false; readonly failed: number; readonly current?: KvEntry };

export interface KvBatch {
  readonly rev: number;
  readonly events: readonly KvEvent[];
}

/**
 * The key-value contract beneath the embedded and the clustered store. Revisions are positive, strictly ascending and
 * without gaps, one for each change. Keys sort as bytes. Throws gone below the compacted revision,
 * revision-too-large above the newest, store-full when a write does not fit, store-closed after `close`.
 */
export interface Kv {
  /** Whether a commit of several changes is all or nothing; otherwise a prefix may be kept. */
  readonly atomic: boolean;
  get(key: string): Promise<{ rev: number; entry?: KvEntry }>;
  /**
   * Entries under `prefix`, sorted by key, strictly after the key `after`. `rev` and the entries are one snapshot. With
   * a limit the answer may also be cut short because the values are large; `more` says whether entries follow.
   */
  list(
    prefix: string,
    options?: { readonly at?: number; readonly after?: string; readonly limit?: number },
  ): Promise<{ rev: number; entries: KvEntry[]; more: boolean }>;
  /** Durable when answered. Many waiting callers' changes share one disk commit. Names each key at most once. */
  commit(changes: readonly KvChange[]): Promise<KvCommit>;
  /**
   * Batches of events strictly after `after`, in order, each exactly once; an empty batch reports progress to `rev`.
   * Ends when `signal` aborts or the store closes.
   */
  watch(prefix: string, after: number, signal: AbortSignal): AsyncIterable<KvBatch>;
  /** Forgets superseded values at or below `rev`. */
  compact(rev: number): Promise<void>;
  /** Terms in [from, to) in byte order, with the key that has each; keys in order within a term. */
  find(from: string, to: string, limit: number): Promise<{ term: string; key: string }[]>;
  close(): Promise<void>;
}
