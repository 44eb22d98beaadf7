import type { WatchEvent } from '#edge/api';
import { follow, keyOf, type Follower, type FollowOptions } from '#edge/following';
import { deepEqual, type Json } from '#model/objects';
import { workloadKind, type Workload } from '#model/resources';
import type { Place } from '../node-options.ts';

export interface WorkloadWatchOptions extends Omit<FollowOptions, 'signal'> {
  readonly gateway: Place;
  readonly node: string;
  readonly onChange: () => void;
}

/** The Workloads that are this node's Gateway, whole; tells of what concerns this node only. */
export class WorkloadWatch implements Follower<Workload> {
  readonly #options: WorkloadWatchOptions;
  readonly #stop = new AbortController();
  readonly #workloads = new Map<string, Workload>();
  #running: Promise<void> = Promise.resolve();

  constructor(options: WorkloadWatchOptions) {
    this.#options = options;
  }

  /** By `ns/name`. */
  get workloads(): ReadonlyMap<string, Workload> {
    return this.#workloads;
  }

  start(): void {
    const { gateway, ...options } = this.#options;
    const fieldSelector = `spec.gatewayRef.name=${gateway.name}`;
    const collection = { resource: workloadKind, namespace: gateway.namespace, fieldSelector };
    this.#running = follow(collection, this, { ...options, signal: this.#stop.signal });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async listed(objects: AsyncIterable<Workload>): Promise<void> {
    const gone = new Set(this.#workloads.keys());
    for await (const object of objects) {
      gone.delete(keyOf(object));
      this.#put(object);
    }
    for (const key of gone) this.#remove(key);
  }

  changed({ type, object }: WatchEvent<Workload>): void {
    if (type === 'DELETED') this.#remove(keyOf(object));
    else this.#put(object);
  }

  // What a node serves does not rest on Workloads: without them it reports less.
  connected(): void {}

  #put(object: Workload): void {
    const before = this.#workloads.get(keyOf(object));
    this.#workloads.set(keyOf(object), object);
    const { node, onChange } = this.#options;
    if (before === undefined || !deepEqual(concernOf(before, node), concernOf(object, node))) onChange();
  }

  #remove(key: string): void {
    if (this.#workloads.delete(key)) this.#options.onChange();
  }
}

/** What is wanted, and what Rotations ask of this node; how far all are is none of its business. */
function concernOf({ metadata, status }: Workload, node: string): Json {
  const asked = status?.asked?.find(({ name }) => name === node);
  return [metadata.uid, metadata.generation ?? 0, status?.materials ?? [], asked ?? null];
}
