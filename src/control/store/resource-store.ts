import type { Draft, Json, KubeObject } from '#model/objects';
import type { Kind, UserInfo } from '#model/resources';

/** A place in the API: a collection, or one object of it when `name` is set. Empty namespace = all, or cluster scope. */
export interface Ref<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  readonly namespace?: string;
  readonly name?: string;
}

export type Named<T extends KubeObject = KubeObject> = Ref<T> & { readonly name: string };

export interface Selection {
  /** Label selector text: `a=b,c in (d,e),!f`. */
  readonly labels?: string;
  /** Field selector text: `metadata.name=x,spec.issuerRef.name!=y`. */
  readonly fields?: string;
}

export interface ListOptions extends Selection {
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly match?: 'Exact' | 'NotOlderThan';
  /** Objects found under one value of one index of the kind (`owner`: a uid); only the current state. */
  readonly index?: { readonly name: string; readonly value: string };
}

export interface ListResult<T extends KubeObject = KubeObject> {
  readonly resourceVersion: string;
  readonly items: T[];
  readonly continue?: string;
  readonly remaining?: number;
}

export interface WriteOptions {
  /** Field manager; names the owner of what is written. */
  readonly manager: string;
  readonly user: UserInfo;
  readonly subresource?: 'status';
  readonly dryRun?: boolean;
  /** What to do with unknown and duplicate fields. Default Ignore (dropped silently). */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly onWarning?: (text: string) => void;
  /** Only for loops of this process: keep `status` of a created or updated object, and write it in the same revision. */
  readonly withStatus?: boolean;
}

export interface DeleteOptions extends WriteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

export type Patch =
  | { readonly type: 'json'; readonly operations: Json[] }
  | { readonly type: 'merge'; readonly body: Json }
  | { readonly type: 'strategic'; readonly body: Json }
  | { readonly type: 'apply'; readonly body: Draft; readonly force: boolean };

export type Write =
  | { readonly op: 'create'; readonly ref: Ref; readonly object: Draft; readonly options: WriteOptions }
  | { readonly op: 'update'; readonly ref: Named; readonly object: Draft; readonly options: WriteOptions }
  | { readonly op: 'patch'; readonly ref: Named; readonly patch: Patch; readonly options: WriteOptions }
  | { readonly op: 'delete'; readonly ref: Named; readonly options: DeleteOptions };

export type StoreEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T; readonly previous?: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd?: boolean };

export interface WatchOptions extends Selection {
  /** Strictly after this revision. Left out or '0': the current state as ADDED first, then what follows. */
  readonly from?: string;
  /** WatchList: end the initial ADDED events with a bookmark that says so. */
  readonly sendInitialEvents?: boolean;
  readonly bookmarks?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Revisioned objects. Three backends: SQLite, etcd, a remote Kubernetes API; one contract suite.
 *
 * Fails with the codes bad-request, not-found, already-exists, conflict, invalid, forbidden, too-large,
 * unsupported-media-type, gone, revision-too-large, too-many-requests, store-full. A write is durable when it is
 * answered. An unchanged write makes no revision and no event. Objects are handed out deeply frozen and may be shared.
 *
 * When a page's revision was compacted away, `gone` has a cause of reason `Continue` whose message is a token that goes
 * on without consistency.
 */
export interface ResourceStore {
  /** Whether a `sequence` of several writes is all or nothing. */
  readonly atomic: boolean;
  get<T extends KubeObject>(ref: Named<T>): Promise<T | undefined>;
  list<T extends KubeObject>(ref: Ref<T>, options?: ListOptions): Promise<ListResult<T>>;
  /** Index values in [from, to), sorted, with the object that has each: a schedule, when the values are times. */
  scan(
    kind: Kind,
    index: string,
    range: { readonly from: string; readonly to: string; readonly limit: number },
  ): Promise<{ value: string; namespace: string; name: string }[]>;
  create<T extends KubeObject>(ref: Ref<T>, object: Draft<T>, options: WriteOptions): Promise<T>;
  /** Compare-and-swap when `object.metadata.resourceVersion` is set. */
  update<T extends KubeObject>(ref: Named<T>, object: Draft<T>, options: WriteOptions): Promise<T>;
  /** `created` is true when an apply made the object. */
  patch<T extends KubeObject>(
    ref: Named<T>,
    patch: Patch,
    options: WriteOptions,
  ): Promise<{ object: T; created: boolean }>;
  /** The object while finalizers hold it, undefined once it is gone. */
  delete<T extends KubeObject>(ref: Named<T>, options: DeleteOptions): Promise<T | undefined>;
  /**
   * Writes in order, each seeing the ones before it; stops at the first failure and throws it. Backends that are not
   * `atomic` keep what was written before the failure; the others write each object once, in its last state. Answers
   * the objects as they are afterwards, undefined for finished deletes.
   */
  sequence(writes: readonly Write[]): Promise<(KubeObject | undefined)[]>;
  /** Always ends some day; throws gone at once or later. */
  watch<T extends KubeObject>(ref: Ref<T>, options: WatchOptions): AsyncIterable<StoreEvent<T>>;
  /** The newest revision written. */
  currentRevision(): Promise<string>;
  close(): Promise<void>;
}
