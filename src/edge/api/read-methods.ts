import { CodedError } from '#errors';
import type { KubeObject } from '#model/objects';
import type { ApiClient, ListPage, ListRequest, WatchRequest } from './client-contract.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ResourceAddress } from './paths.ts';
import { optional, sendJson } from './send-json.ts';
import type { Transport, TransportAnswer } from './transport.ts';
import { readWatch } from './watch-stream.ts';
import type { WatchEvent } from './watch-stream.ts';

type ReadMethods = Pick<ApiClient, 'get' | 'list' | 'each' | 'watch'>;

export function readMethods(transport: Transport): ReadMethods {
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
    if (!signal?.aborted) throw error instanceof CodedError ? error : brokenOff(error);
  } finally {
    body?.destroy();
  }
}

function brokenOff(cause: unknown): CodedError {
  return new CodedError('unreachable', 'the connection broke in the middle of a watch', { cause });
}
