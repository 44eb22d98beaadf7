import type { Draft, Json, KubeObject } from '#model/objects';
import type { ResourceAddress } from './paths.ts';
import type { Status } from './status.ts';
import type { TransportRequest } from './transport.ts';
import type { WatchEvent } from './watch-stream.ts';

export interface ListRequest {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly signal?: AbortSignal;
}

export interface ListPage<T> {
  readonly items: T[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

export interface WatchRequest {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Strictly after this revision; left out, the current state comes first as ADDED. */
  readonly resourceVersion?: string;
  readonly timeoutSeconds?: number;
  readonly allowWatchBookmarks?: boolean;
  /** Another form of the objects than JSON, such as `mediaTypes.table`. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface WriteRequest {
  readonly namespace?: string;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly dryRun?: boolean;
  readonly subresource?: 'status';
  /** Receives the text of each `Warning` header of the answer. */
  readonly onWarning?: (text: string) => void;
}

export type ApplyRequest = WriteRequest & { readonly force?: boolean };

export interface DeleteRequest {
  readonly namespace?: string;
  readonly dryRun?: boolean;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly uid?: string;
}

/** Patches besides apply: RFC 6902, RFC 7386, and Kubernetes' own for core kinds. */
export type PatchType = 'json' | 'merge' | 'strategic';

/** A client of one server. Every method fails with a CodedError; failures from the server are StatusErrors. */
export interface ApiClient {
  get<T extends KubeObject>(resource: ResourceAddress, name: string, namespace?: string): Promise<T>;
  list<T extends KubeObject>(resource: ResourceAddress, request?: ListRequest): Promise<ListPage<T>>;
  /** Every object, page by page: no more than one page is held. */
  each<T extends KubeObject>(resource: ResourceAddress, request?: ListRequest): AsyncGenerator<T>;
  watch<T extends KubeObject>(resource: ResourceAddress, request?: WatchRequest): AsyncGenerator<WatchEvent<T>>;
  create<T extends KubeObject>(resource: ResourceAddress, object: Draft<T>, request?: WriteRequest): Promise<T>;
  update<T extends KubeObject>(resource: ResourceAddress, object: Draft<T>, request?: WriteRequest): Promise<T>;
  patch<T extends KubeObject>(
    resource: ResourceAddress,
    name: string,
    type: PatchType,
    patch: Json,
    request?: WriteRequest,
  ): Promise<T>;
  /** Server-side apply. `created` is true when the object was not there before. */
  apply<T extends KubeObject>(
    resource: ResourceAddress,
    object: Draft<T>,
    request: ApplyRequest & { readonly fieldManager: string },
  ): Promise<{ object: T; created: boolean }>;
  /** The object while finalizers hold it, else a Status. */
  delete(resource: ResourceAddress, name: string, request?: DeleteRequest): Promise<KubeObject | Status>;
  /** Anything else, as JSON: discovery, /version, tables. */
  json<T>(request: TransportRequest): Promise<T>;
  /** Anything else, as text: /metrics, /readyz. */
  text(request: TransportRequest): Promise<string>;
  close(): void;
}
