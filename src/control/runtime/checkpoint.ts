import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '#model/objects';
import type { Kind, UserInfo } from '#model/resources';
import type { ResourceStore } from '#control/store';
import { isCoded } from '#errors';
import type { Clock, Timer } from './clock.ts';

interface CheckpointObject extends KubeObject {
  data?: Record<string, string>;
}

/** Revisions by the name of a stream. */
export type Positions = Readonly<Record<string, string>>;

export interface CheckpointOptions {
  readonly store: ResourceStore;
  /** ConfigMap. */
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
  readonly user: UserInfo;
  readonly everyMilliseconds: number;
  /** For each stream of changes, the revision up to which everything has been dealt with, as far as that can be said. */
  readonly positions: () => Positions;
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Remembers in the store how far the loops have come, so that a restart goes on from there instead of reading every
 * object. Saying less than the truth is safe: what is seen twice changes nothing.
 */
export class Checkpoint {
  readonly #options: CheckpointOptions;
  #saved: Positions = {};
  #dirty = false;
  #timer: Timer | undefined;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  /** The saved positions; a stream that is missing, or whose position cannot be read, starts from its beginning. */
  async load(): Promise<Positions> {
    const object = await this.#options.store.get<CheckpointObject>(this.#ref());
    const entries = Object.entries(object?.data ?? {}).filter(([, revision]) => /^[1-9]\d*$/.test(revision));
    this.#saved = Object.fromEntries(entries);
    return this.#saved;
  }

  /** Something happened: the position is worth saving, within `everyMilliseconds`. */
  touch(): void {
    this.#dirty = true;
    this.#timer ??= this.#options.clock.after(this.#options.everyMilliseconds, () => void this.#tick());
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    if (this.#dirty) await this.#tick();
    this.#timer?.cancel();
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    this.#dirty = false;
    const positions = this.#options.positions();
    if (isDeepStrictEqual(positions, this.#saved)) return;
    try {
      await this.#save(positions);
      this.#saved = positions;
    } catch (error) {
      this.#options.onFailure?.(error);
      this.#dirty = true;
    }
  }

  async #save(positions: Positions): Promise<void> {
    const { store, user } = this.#options;
    const options = { manager: 'chancery', user };
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.#options.name, namespace: this.#options.namespace },
      data: { ...positions },
    };
    try {
      await store.update<CheckpointObject>(this.#ref(), object, options);
    } catch (error) {
      if (!isCoded(error, 'not-found')) throw error;
      await store.create<CheckpointObject>(this.#ref(), object, options);
    }
  }

  #ref() {
    const { kind, namespace, name } = this.#options;
    return { kind: kind as Kind<CheckpointObject>, namespace, name };
  }
}
