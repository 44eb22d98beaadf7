import { randomInt, randomUUID } from 'node:crypto';
import type { KindRegistry } from '#model/resources';
import { KeyValueStore } from './key-value-store.ts';
import type { KeyValueStoreParts } from './key-value-store.ts';
import { MemoryKv } from './memory-kv.ts';

export interface StoreOptions {
  readonly registry: KindRegistry;
  readonly now?: () => Date;
  readonly newUid?: () => string;
  /** An integer in [0, below), for generated names. */
  readonly random?: (below: number) => number;
  /** Bytes of decoded objects to keep; each costs the heap some three times its JSON. Default 16 MiB. */
  readonly cacheBytes?: number;
  /** Bytes of recent events to keep for watchers. Default 8 MiB. */
  readonly eventBytes?: number;
  /** How often watchers that want bookmarks get one. Default 30. */
  readonly bookmarkSeconds?: number;
}

/** A store that forgets everything when it is closed. */
export function openMemoryStore(options: StoreOptions): KeyValueStore {
  return new KeyValueStore({ ...partsOf(options), kv: new MemoryKv(), exclusive: true });
}

/** What a store needs besides its kv. */
export function partsOf(options: StoreOptions): Omit<KeyValueStoreParts, 'kv' | 'exclusive'> {
  return {
    registry: options.registry,
    now: options.now ?? (() => new Date()),
    newUid: options.newUid ?? randomUUID,
    random: options.random ?? ((below) => randomInt(below)),
    cacheBytes: options.cacheBytes ?? 16 * 1024 * 1024,
    eventBytes: options.eventBytes ?? 8 * 1024 * 1024,
    bookmarkSeconds: options.bookmarkSeconds ?? 30,
  };
}
