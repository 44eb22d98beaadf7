import { equalIgnoringManagedFieldTimes } from '#model/objects';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { copyOf } from '../frozen.ts';
import type { KvChange } from '../kv.ts';
import type { ObjectCodec } from '../object-codec.ts';
import { absent } from '../object-reader.ts';
import type { Found, ObjectReader } from '../object-reader.ts';
import { termsOf } from '../terms.ts';
import { checkObjectSize } from './size-limits.ts';

/** The last state that a sequence gives one key; undefined: deleted. */
interface Staged {
  readonly kind: Kind;
  readonly key: string;
  readonly base: Found;
  readonly object: KubeObject | undefined;
}

/** A staged state ready for the kv. `object` is open only for its resourceVersion. */
export interface EncodedWrite {
  readonly kind: Kind;
  readonly change: KvChange;
  readonly object: KubeObject | undefined;
  readonly size: number;
}

/** The writes of one sequence on top of what is stored: each sees the ones before it, and each key is written once. */
export class PendingWrites {
  readonly #reader: ObjectReader;
  readonly #fresh: boolean;
  readonly #staged = new Map<string, Staged>();
  readonly #read = new Map<string, Found>();

  /** `fresh`: trust no cache, because the last try lost a race. */
  constructor(reader: ObjectReader, fresh: boolean) {
    this.#reader = reader;
    this.#fresh = fresh;
  }

  async read(kind: Kind, key: string): Promise<KubeObject | undefined> {
    const staged = this.#staged.get(key);
    if (staged !== undefined) return staged.object;
    const found = await this.#reader.read(kind, key, this.#fresh);
    this.#read.set(key, found);
    return found.object;
  }

  /** The same for a key that is most likely absent: asks only the cache, since the commit will notice a mistake. */
  async readUnlikely(kind: Kind, key: string): Promise<KubeObject | undefined> {
    if (this.#fresh || this.#staged.has(key) || this.#reader.cached(key) !== undefined) return this.read(kind, key);
    this.#read.set(key, absent);
    return undefined;
  }

  stage(kind: Kind, key: string, object: KubeObject | undefined): void {
    const base = this.#staged.get(key)?.base ?? this.#read.get(key) ?? absent;
    this.#staged.set(key, { kind, key, base, object });
  }

  /** What is left to write once each key has its last state. Fails with too-large. */
  encode(codec: ObjectCodec): EncodedWrite[] {
    return [...this.#staged.values()].filter(isChange).map((staged) => encodeStaged(staged, codec));
  }
}

/** Made and deleted again, or changed and changed back, is nothing. */
function isChange({ base, object }: Staged): boolean {
  if (object === undefined || base.object === undefined) return object !== base.object;
  return !equalIgnoringManagedFieldTimes(base.object, object);
}

function encodeStaged({ kind, key, base, object }: Staged, codec: ObjectCodec): EncodedWrite {
  const expect = base.rev;
  if (object === undefined) return { kind, object, size: 0, change: { key, expect, value: null } };
  const open = openCopy(object);
  const { value, size } = codec.encode(kind, key, open);
  checkObjectSize(kind, object.metadata.name, size);
  return { kind, object: open, size, change: { key, expect, value, terms: termsOf(kind, open) } };
}

/** A copy frozen but for its root and metadata, without a resourceVersion: the commit gives that. */
export function openCopy(object: KubeObject): KubeObject {
  const { resourceVersion: _revision, ...metadata } = object.metadata;
  const { apiVersion, kind, metadata: _metadata, ...rest } = object;
  return { apiVersion, kind, metadata: copyOf(metadata) as KubeObject['metadata'], ...copyOf(rest) };
}

/** Completes an open copy. */
export function sealCopy(object: KubeObject, resourceVersion: string): KubeObject {
  if (resourceVersion !== '') object.metadata.resourceVersion = resourceVersion;
  Object.freeze(object.metadata);
  return Object.freeze(object);
}
