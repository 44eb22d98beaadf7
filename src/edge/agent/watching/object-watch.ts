import type { ResourceAddress, WatchEvent } from '#edge/api';
import { deepEqual, type Json, type KubeObject } from '#model/objects';
import type { Workload } from '#model/resources';
import { follow, type Follower, type FollowOptions } from '#edge/following';

export interface WatchedPlace {
  readonly resource: ResourceAddress;
  readonly namespace: string;
  readonly name: string;
}

/** How far the instances of a Workload are is none of this instance's business; every other change counts. */
function isSameWish(before: KubeObject, after: KubeObject): boolean {
  if (before.kind !== 'Workload' || before.metadata.uid !== after.metadata.uid) return false;
  const [a, b] = [before, after].map((object) => wishIn(object as Workload));
  return before.metadata.generation === after.metadata.generation && deepEqual(a!, b!);
}

/** What shall be there, what Rotations ask of whom, and whose turn it is. */
const wishIn = ({ status }: Workload): Json => [status?.materials ?? [], status?.asked ?? [], status?.behind ?? []];

/** One object, whole, as the API has it: an agent may see single objects only, never a collection. */
export class ObjectWatch<T extends KubeObject> implements Follower<T> {
  readonly #onChange: () => void;
  readonly #onConnected: (isConnected: boolean, failure?: unknown) => void;
  readonly #stop = new AbortController();
  #object: T | undefined;
  #isKnown = false;

  constructor(
    { resource, namespace, name }: WatchedPlace,
    options: Omit<FollowOptions, 'signal'>,
    onChange: () => void,
    onConnected: (isConnected: boolean, failure?: unknown) => void,
  ) {
    this.#onChange = onChange;
    this.#onConnected = onConnected;
    const collection = { resource, namespace, fieldSelector: `metadata.name=${name}` };
    void follow(collection, this, { ...options, signal: this.#stop.signal });
  }

  /** Whether the API has said what the object is, or that there is none. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get object(): T | undefined {
    return this.#object;
  }

  stop(): void {
    this.#stop.abort();
  }

  async listed(objects: AsyncIterable<T>): Promise<void> {
    let found: T | undefined;
    for await (const object of objects) found = object;
    this.#learn(found);
  }

  changed({ type, object }: WatchEvent<T>): void {
    this.#learn(type === 'DELETED' ? undefined : object);
  }

  connected(isConnected: boolean, failure?: unknown): void {
    this.#onConnected(isConnected, failure);
  }

  #learn(object: T | undefined): void {
    const isNew = !this.#isKnown || this.#object?.metadata.resourceVersion !== object?.metadata.resourceVersion;
    const before = this.#object;
    this.#isKnown = true;
    this.#object = object;
    if (isNew && !(before && object && isSameWish(before, object))) this.#onChange();
  }
}
