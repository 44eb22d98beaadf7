import { isCoded } from '#errors';
import type { ResourceAddress, WatchEvent } from '#edge/api';
import type { KubeObject } from '#model/objects';
import type { Clock } from '#control/runtime';
import { BackOff, keyOf, nameKey, pause, type Connection, type Follower } from '#edge/following';

export interface WantedMirrorOptions {
  readonly connection: Connection;
  readonly resource: ResourceAddress;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** An object that somebody looked for is known now, or has changed, or is gone. */
  readonly onChange: (key: string) => void;
  readonly onConnected?: (isConnected: boolean, failure?: unknown) => void;
}

interface Entry<T> {
  object: T | undefined;
  isKnown: boolean;
  isFetching: boolean;
  /** Changed while it was fetched. */
  isStale: boolean;
}

const mostFetches = 16;

/**
 * The objects of one kind that somebody has looked for, whole. Of all others only metadata ever reaches this process: the
 * private keys that a node does not use never travel to it.
 */
export class WantedMirror<T extends KubeObject> implements Follower<KubeObject> {
  readonly #options: WantedMirrorOptions;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #queue = new Set<string>();
  #fetches = 0;
  #isListed = false;

  constructor(options: WantedMirrorOptions) {
    this.#options = options;
  }

  get isListed(): boolean {
    return this.#isListed;
  }

  /** How many objects are held or being fetched. */
  get size(): number {
    return this.#entries.size;
  }

  /** What is known of an object: undefined until it has been fetched, which the first look starts. */
  look(namespace: string, name: string): { readonly object: T | undefined } | undefined {
    const key = nameKey(namespace, name);
    const entry = this.#entries.get(key);
    if (entry !== undefined) return entry.isKnown ? entry : undefined;
    this.#entries.set(key, { object: undefined, isKnown: false, isFetching: false, isStale: false });
    this.#fetch(key);
    return undefined;
  }

  /** Resource version of an object that is held; undefined when it is not there, or not held. */
  revisionOf(key: string): string | undefined {
    return this.#entries.get(key)?.object?.metadata.resourceVersion;
  }

  /** Nobody looks for it any more. */
  drop(key: string): void {
    this.#entries.delete(key);
    this.#queue.delete(key);
  }

  // A gap may have hidden changes, and nothing was listed: all that is held is fetched again.
  async listed(objects: AsyncIterable<KubeObject>): Promise<void> {
    for await (const _ of objects);
    for (const key of this.#entries.keys()) this.#fetch(key);
    this.#isListed = true;
  }

  changed({ type, object }: WatchEvent): void {
    const key = keyOf(object);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (type !== 'DELETED') {
      if (entry.object?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#fetch(key);
    } else if (entry.isFetching) entry.isStale = true;
    else this.#learn(key, entry, undefined);
  }

  connected(isConnected: boolean, failure?: unknown): void {
    this.#options.onConnected?.(isConnected, failure);
  }

  #fetch(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (entry.isFetching) entry.isStale = true;
    else {
      this.#queue.add(key);
      this.#pump();
    }
  }

  #pump(): void {
    for (const key of this.#queue) {
      if (this.#fetches >= mostFetches) return;
      this.#queue.delete(key);
      this.#fetches += 1;
      void this.#fetchOne(key).finally(() => {
        this.#fetches -= 1;
        this.#pump();
      });
    }
  }

  async #fetchOne(key: string): Promise<void> {
    const { clock, random, signal } = this.#options;
    const backOff = new BackOff(100, 10_000, random);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.isFetching = true;
    let hasFailed = false;
    while (this.#entries.get(key) === entry && !signal.aborted) {
      entry.isStale = false;
      try {
        const object = await this.#get(key);
        if (hasFailed) this.#options.onConnected?.(true);
        hasFailed = false;
        if (!entry.isStale) {
          entry.isFetching = false;
          this.#learn(key, entry, object);
          return;
        }
      } catch (failure) {
        hasFailed = true;
        this.#options.onConnected?.(false, failure);
        await pause(clock, backOff.next(), signal);
      }
    }
  }

  async #get(key: string): Promise<T | undefined> {
    const slash = key.indexOf('/');
    try {
      const { connection, resource } = this.#options;
      return await connection.client.get<T>(resource, key.slice(slash + 1), key.slice(0, slash));
    } catch (error) {
      if (isCoded(error, 'not-found')) return undefined;
      throw error;
    }
  }

  #learn(key: string, entry: Entry<T>, object: T | undefined): void {
    if (this.#entries.get(key) !== entry) return;
    const isNew = !entry.isKnown || entry.object?.metadata.resourceVersion !== object?.metadata.resourceVersion;
    entry.isKnown = true;
    entry.object = object;
    if (isNew) this.#options.onChange(key);
  }
}
