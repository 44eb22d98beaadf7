import type { WatchEvent } from '#edge/api';
import { deepEqual, type KubeObject } from '#model/objects';
import { keyOf, nameKey, type Follower } from '#edge/following';

/** An object was there before, is there after, or both. */
export type MirrorChange<T extends KubeObject> = (key: string, before: T | undefined, after: T | undefined) => void;

/**
 * All objects of one kind as the API has them, without their status and managed fields. Tells of changes that somebody
 * wished for, not of those that a loop reported.
 */
export class ObjectMirror<T extends KubeObject> implements Follower<T> {
  readonly #objects = new Map<string, T>();
  readonly #onChange: MirrorChange<T>;
  readonly #onConnected: (isConnected: boolean, failure?: unknown) => void;
  #isListed = false;

  constructor(
    onChange: MirrorChange<T>,
    onConnected: (isConnected: boolean, failure?: unknown) => void = () => undefined,
  ) {
    this.#onChange = onChange;
    this.#onConnected = onConnected;
  }

  /** Whether all of the kind has been seen once. */
  get isListed(): boolean {
    return this.#isListed;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(nameKey(namespace, name));
  }

  byKey(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  async listed(objects: AsyncIterable<T>): Promise<void> {
    const gone = new Set(this.#objects.keys());
    for await (const object of objects) {
      gone.delete(keyOf(object));
      this.#put(object);
    }
    for (const key of gone) this.#remove(key);
    this.#isListed = true;
  }

  changed({ type, object }: WatchEvent<T>): void {
    if (type === 'DELETED') this.#remove(keyOf(object));
    else this.#put(object);
  }

  connected(isConnected: boolean, failure?: unknown): void {
    this.#onConnected(isConnected, failure);
  }

  #put(object: T): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    const after = trim(object);
    this.#objects.set(key, after);
    if (before === undefined || !isSameWish(before, after)) this.#onChange(key, before, after);
  }

  #remove(key: string): void {
    const before = this.#objects.get(key);
    if (before === undefined) return;
    this.#objects.delete(key);
    this.#onChange(key, before, undefined);
  }
}

function trim<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  const { status: __, ...rest } = object as T & { status?: unknown };
  return { ...rest, metadata } as unknown as T;
}

/** The generation counts every change but those of metadata and status. */
function isSameWish(before: KubeObject, after: KubeObject): boolean {
  const [a, b] = [before.metadata, after.metadata];
  return (
    a.uid === b.uid &&
    a.generation === b.generation &&
    deepEqual(a.labels ?? {}, b.labels ?? {}) &&
    deepEqual(a.annotations ?? {}, b.annotations ?? {})
  );
}
