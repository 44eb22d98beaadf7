import type { KubeObject } from '#model/objects';
import type { Kind, UserInfo } from '#model/resources';
import type { ResourceStore } from '#control/store';
import { isCoded } from '#errors';
import type { Clock, Timer } from './clock.ts';

interface CheckpointObject extends KubeObject {
  data?: Record<string, string>;
}

export interface CheckpointOptions {
  readonly store: ResourceStore;
  /** ConfigMap. */
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
  readonly user: UserInfo;
  readonly everyMilliseconds: number;
  /** Everything at or below this revision has been dealt with; undefined while nothing can be said. */
  readonly position: () => string | undefined;
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Remembers in the store how far the loops have come, so that a restart goes on from there instead of reading every
 * object. Saying less than the truth is safe: what is seen twice changes nothing.
 */
export class Checkpoint {
  readonly #options: CheckpointOptions;
  #saved: string | undefined;
  #dirty = false;
  #timer: Timer | undefined;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  /** The saved position, or undefined when there is none that can be read. */
  async load(): Promise<string | undefined> {
    const object = await this.#options.store.get<CheckpointObject>(this.#ref());
    const revision = object?.data?.['revision'];
    this.#saved = revision !== undefined && /^\d+$/.test(revision) ? revision : undefined;
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
    const position = this.#options.position();
    if (position === undefined || position === this.#saved) return;
    try {
      await this.#save(position);
      this.#saved = position;
    } catch (error) {
      this.#options.onFailure?.(error);
      this.#dirty = true;
    }
  }

  async #save(revision: string): Promise<void> {
    const { store, user } = this.#options;
    const options = { manager: 'chancery', user };
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.#options.name, namespace: this.#options.namespace },
      data: { revision },
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
