import type { Draft, Json, KubeObject } from '#model/objects';
import { mediaTypes } from './media-types.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ResourceAddress } from './paths.ts';
import type { Status } from './status.ts';
import { openTransport, readAll } from './transport.ts';
import type { ClientAccess, Transport, TransportAnswer, TransportRequest } from './transport.ts';
import { readWatch } from './watch-stream.ts';
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

const patchTypes = {
  json: mediaTypes.jsonPatch,
  merge: mediaTypes.mergePatch,
  strategic: mediaTypes.strategicPatch,
} as const;

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
    type: keyof typeof patchTypes,
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

/** A client over kept-alive HTTPS connections. */
export function openClient(access: ClientAccess): ApiClient {
  const transport = openTransport(access);
  return {
    ...readMethods(transport),
    ...writeMethods(transport),
    json: (request) => sendJson(transport, request),
    text: async (request) => readAll((await transport.send(request)).body),
    close: () => transport.close(),
  };
}

type ReadMethods = Pick<ApiClient, 'get' | 'list' | 'each' | 'watch'>;

function readMethods(transport: Transport): ReadMethods {
  const list: ApiClient['list'] = async (resource, { namespace, signal, ...query } = {}) =>
    sendJson(transport, { method: 'GET', path: collectionPath(resource, namespace), query, ...optional({ signal }) });
  return {
    get: async (resource, name, namespace) =>
      sendJson(transport, { method: 'GET', path: objectPath(resource, namespace, name) }),
    list,
    each: (resource, request) => eachObject(list, resource, request),
    watch: (resource, request) => watchObjects(transport, resource, request),
  };
}

async function* eachObject<T extends KubeObject>(
  list: ApiClient['list'],
  resource: ResourceAddress,
  request: ListRequest = {},
): AsyncGenerator<T> {
  let next: string | undefined = request.continue;
  do {
    const page: ListPage<T> = await list<T>(resource, { limit: 500, ...request, ...optional({ continue: next }) });
    yield* page.items;
    next = page.metadata.continue;
  } while (next);
}

async function* watchObjects<T extends KubeObject>(
  transport: Transport,
  resource: ResourceAddress,
  { namespace, signal, accept, ...query }: WatchRequest = {},
): AsyncGenerator<WatchEvent<T>> {
  const path = collectionPath(resource, namespace);
  let body: TransportAnswer['body'] | undefined;
  try {
    const watch = { method: 'GET', path, query: { ...query, watch: true }, longLived: true };
    ({ body } = await transport.send({ ...watch, ...optional({ signal, accept }) }));
    yield* readWatch<T>(body);
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    body?.destroy();
  }
}

type WriteMethods = Pick<ApiClient, 'create' | 'update' | 'patch' | 'apply' | 'delete'>;

function writeMethods(transport: Transport): WriteMethods {
  return {
    create: async (resource, object, request = {}) =>
      sendWrite(transport, request, 'POST', collectionPath(resource, scopeOf(object, request)), object),
    update: async (resource, object, request = {}) =>
      sendWrite(transport, request, 'PUT', pathOf(resource, object, request), object),
    patch: async (resource, name, type, patch, request = {}) => {
      const path = objectPath(resource, request.namespace, name, request.subresource);
      return sendWrite(transport, request, 'PATCH', path, patch, patchTypes[type]);
    },
    apply: (resource, object, request) => applyObject(transport, resource, object, request),
    delete: (resource, name, request = {}) => deleteObject(transport, resource, name, request),
  };
}

function scopeOf(object: Draft, request: WriteRequest): string | undefined {
  return request.namespace ?? object.metadata.namespace;
}

function pathOf(resource: ResourceAddress, object: Draft, request: WriteRequest): string {
  return objectPath(resource, scopeOf(object, request), object.metadata.name ?? '', request.subresource);
}

async function applyObject<T extends KubeObject>(
  transport: Transport,
  resource: ResourceAddress,
  object: Draft<T>,
  request: ApplyRequest,
): Promise<{ object: T; created: boolean }> {
  const answer = await transport.send({
    method: 'PATCH',
    path: pathOf(resource, object, request),
    query: { ...writeQuery(request), force: request.force ?? false },
    body: JSON.stringify(object),
    contentType: mediaTypes.applyPatch,
  });
  reportWarnings(answer, request);
  return { object: JSON.parse(await readAll(answer.body)) as T, created: answer.code === 201 };
}

function deleteObject(
  transport: Transport,
  resource: ResourceAddress,
  name: string,
  request: DeleteRequest,
): Promise<KubeObject | Status> {
  const { namespace, dryRun, uid, propagationPolicy } = request;
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...optional({ propagationPolicy }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
  const path = objectPath(resource, namespace, name);
  return sendJson(transport, { method: 'DELETE', path, body: JSON.stringify(options) });
}

async function sendWrite<T>(
  transport: Transport,
  request: WriteRequest,
  method: string,
  path: string,
  body: unknown,
  contentType: string = mediaTypes.json,
): Promise<T> {
  const query = writeQuery(request);
  const answer = await transport.send({ method, path, query, body: JSON.stringify(body), contentType });
  reportWarnings(answer, request);
  return JSON.parse(await readAll(answer.body)) as T;
}

function writeQuery(request: WriteRequest): Record<string, string | undefined> {
  return {
    fieldManager: request.fieldManager,
    fieldValidation: request.fieldValidation,
    dryRun: request.dryRun ? 'All' : undefined,
  };
}

function reportWarnings(answer: TransportAnswer, request: WriteRequest): void {
  if (request.onWarning === undefined) return;
  for (const text of parseWarnings(answer.headers['warning'] ?? '')) request.onWarning(text);
}

/** Texts of `Warning` headers that Node has joined by commas; RFC 7234 section 5.5. */
export function parseWarnings(header: string): string[] {
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!.replace(/\\(.)/g, '$1'));
}

async function sendJson<T>(transport: Transport, request: TransportRequest): Promise<T> {
  const answer = await transport.send(request);
  return JSON.parse(await readAll(answer.body)) as T;
}

function optional<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
