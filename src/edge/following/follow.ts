import { isCoded } from '#errors';
import { collectionPath, mediaTypes, type ListPage, type ResourceAddress, type WatchEvent } from '#edge/api';
import type { KubeObject } from '#model/objects';
import type { Clock } from '#control/runtime';
import { BackOff, pause } from './back-off.ts';
import type { Connection } from './connection.ts';

/** What a followed collection tells. */
export interface Follower<T extends KubeObject> {
  /** Everything that is there now: what is not among `objects` is gone. Called at the start and after each gap. */
  listed(objects: AsyncIterable<T>, revision: string): Promise<void>;
  changed(event: WatchEvent<T>): void;
  /** Whether the collection is being followed at this moment. `failure` says why not. */
  connected(isConnected: boolean, failure?: unknown): void;
}

export interface FollowOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface Collection {
  readonly resource: ResourceAddress;
  readonly namespace?: string;
  readonly fieldSelector?: string;
  /** Only metadata is sent, and nothing is listed: whoever follows fetches what it needs. */
  readonly metadataOnly?: boolean;
}

const firstMilliseconds = 100;
const longestMilliseconds = 10_000;
const pageSize = 500;

/**
 * Follows one collection until `signal` is aborted: a list, then a watch from its revision that is resumed where it broke
 * off. When the server no longer knows that revision (410), it is listed again. Failures are waited out with growing,
 * jittered pauses.
 */
export async function follow<T extends KubeObject>(
  collection: Collection,
  follower: Follower<T>,
  options: FollowOptions,
): Promise<void> {
  const backOff = new BackOff(firstMilliseconds, longestMilliseconds, options.random);
  let revision: string | undefined;
  while (!options.signal.aborted) {
    const started = options.clock.now().getTime();
    try {
      revision ??= await listAll(collection, follower, options);
      follower.connected(true);
      for await (const event of watchFrom<T>(collection, revision, options)) {
        revision = event.object.metadata.resourceVersion;
        backOff.reset();
        if (event.type !== 'BOOKMARK') follower.changed(event);
      }
      // A server ends watches now and then; one that ends them at once must not be asked in a circle.
      if (options.clock.now().getTime() - started < firstMilliseconds)
        await pause(options.clock, backOff.next(), options.signal);
    } catch (failure) {
      if (options.signal.aborted) return;
      if (isCoded(failure, 'gone')) revision = undefined;
      else follower.connected(false, failure);
      await pause(options.clock, backOff.next(), options.signal);
    }
  }
}

function watchFrom<T extends KubeObject>(
  { resource, namespace, fieldSelector, metadataOnly }: Collection,
  resourceVersion: string,
  { connection, signal }: FollowOptions,
): AsyncGenerator<WatchEvent<T>> {
  return connection.client.watch<T>(resource, {
    ...scope(namespace, fieldSelector),
    resourceVersion,
    allowWatchBookmarks: true,
    signal,
    ...(metadataOnly === true ? { accept: mediaTypes.partialObject } : {}),
  });
}

function scope(namespace: string | undefined, fieldSelector: string | undefined): object {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

/** Answers the revision that the watch goes on from: that of the first page, because the later ones are of the same. */
async function listAll<T extends KubeObject>(
  collection: Collection,
  follower: Follower<T>,
  options: FollowOptions,
): Promise<string> {
  if (collection.metadataOnly === true) {
    const revision = await currentRevision(collection, options);
    await follower.listed(none(), revision);
    return revision;
  }
  const { signal, connection } = options;
  const { client } = connection;
  const query = { ...scope(collection.namespace, collection.fieldSelector), limit: pageSize, signal };
  const first = await client.list<T>(collection.resource, query);
  const { resourceVersion } = first.metadata;
  const next = (token: string): Promise<ListPage<T>> => client.list(collection.resource, { ...query, continue: token });
  await follower.listed(pagesFrom(first, next), resourceVersion);
  return resourceVersion;
}

async function* pagesFrom<T extends KubeObject>(
  first: ListPage<T>,
  next: (token: string) => Promise<ListPage<T>>,
): AsyncGenerator<T> {
  let page = first;
  yield* page.items;
  while (page.metadata.continue) {
    page = await next(page.metadata.continue);
    yield* page.items;
  }
}

async function* none(): AsyncGenerator<never> {
  // Whoever follows metadata fetches what it needs.
}

async function currentRevision(
  { resource, namespace }: Collection,
  { connection, signal }: FollowOptions,
): Promise<string> {
  const page = await connection.client.json<ListPage<KubeObject>>({
    method: 'GET',
    path: collectionPath(resource, namespace),
    query: { limit: 1 },
    accept: mediaTypes.partialObjectList,
    signal,
  });
  return page.metadata.resourceVersion;
}
