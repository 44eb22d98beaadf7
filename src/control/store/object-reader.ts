import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { Kv, KvEntry } from './kv.ts';
import type { ObjectCache } from './object-cache.ts';
import type { ObjectCodec } from './object-codec.ts';

/** An object and the revision that wrote it; rev 0 without an object: there is none. */
export interface Found {
  readonly rev: number;
  readonly object: KubeObject | undefined;
}

export const absent: Found = { rev: 0, object: undefined };

/**
 * Reads objects through the cache. `exclusive` says that every write to the kv passes through this process: then the
 * newest cached version is the newest one, and a read of it needs no kv.
 */
export class ObjectReader {
  readonly #kv: Kv;
  readonly #codec: ObjectCodec;
  readonly #cache: ObjectCache;
  readonly #exclusive: boolean;

  constructor(parts: { kv: Kv; codec: ObjectCodec; cache: ObjectCache; exclusive: boolean }) {
    this.#kv = parts.kv;
    this.#codec = parts.codec;
    this.#cache = parts.cache;
    this.#exclusive = parts.exclusive;
  }

  /** `fresh` asks the kv whatever the cache says: for the second try of a write that lost a race. */
  async read(kind: Kind, key: string, fresh = false): Promise<Found> {
    if (!fresh) {
      const known = this.cached(key);
      if (known !== undefined) return known;
    }
    const { rev, entry } = await this.#kv.get(key);
    if (entry !== undefined) return { rev: entry.rev, object: this.#remember(kind, entry) };
    this.#cache.put(key, { rev, object: undefined, size: 0 });
    return absent;
  }

  /** Whoever hears of a change and then reads must not be answered with what was before it. */
  noteChange(key: string, rev: number): void {
    this.#cache.forgetBefore(key, rev);
  }

  /** What the cache knows to be the newest version, without asking the kv. */
  cached(key: string): Found | undefined {
    const known = this.#exclusive ? this.#cache.latest(key) : undefined;
    if (known === undefined) return undefined;
    return known.object === undefined ? absent : { rev: known.rev, object: known.object };
  }

  /** The object of an entry of a list. Leaves the cache as it is, so that a long list does not wash it out. */
  decodeListed(kind: Kind, { key, rev, value }: KvEntry): KubeObject {
    const known = this.#cache.version(key, rev);
    if (known !== undefined) return known;
    this.noteChange(key, rev);
    return this.#codec.decodeListed(kind, key, rev, value);
  }

  /** The object of an entry; the cache stays as it is. */
  decode(kind: Kind, entry: KvEntry): KubeObject {
    return this.decodeVersion(kind, entry.key, entry.rev, entry.value);
  }

  decodeVersion(kind: Kind, key: string, rev: number, value: Uint8Array): KubeObject {
    return this.#cache.version(key, rev) ?? this.#codec.decode(kind, key, rev, value);
  }

  #remember(kind: Kind, entry: KvEntry): KubeObject {
    const object = this.decode(kind, entry);
    this.#cache.put(entry.key, { rev: entry.rev, object, size: entry.value.length });
    return object;
  }
}
