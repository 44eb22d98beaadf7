import type { Draft, KubeObject } from '#model/objects';
import type { Kind, UserInfo } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { Clock, Timer } from './clock.ts';
import { TokenBucket } from './token-bucket.ts';

/** Something worth telling about an object: what `kubectl describe` shows under Events. */
export interface Occurrence {
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
}

export interface EventRecorderOptions {
  readonly store: ResourceStore;
  readonly kind: Kind;
  readonly clock: Clock;
  readonly user: UserInfo;
  /** Who tells: `source.component`. */
  readonly component: string;
  /** Events about objects without a namespace go here. */
  readonly clusterNamespace: string;
  readonly onDropped?: (occurrence: Occurrence) => void;
  readonly limits?: Partial<typeof defaultLimits>;
}

const defaultLimits = {
  /** Waiting events; more are dropped. */
  pending: 2000,
  /** Event objects remembered for counting up instead of writing a second one. */
  remembered: 4096,
  /** Normal events in a burst and per second in the long run; warnings have as much again for themselves. */
  burst: 1000,
  perSecond: 50,
  flushMilliseconds: 500,
  /** Writes at the same time. */
  batch: 32,
};

interface EventObject extends KubeObject {
  involvedObject: Record<string, string | undefined>;
  reason: string;
  message: string;
  type: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source: { component: string };
  reportingComponent: string;
  reportingInstance: string;
}

interface Pending {
  readonly occurrence: Occurrence;
  readonly first: string;
  last: string;
  count: number;
}

/**
 * Writes Kubernetes Events in the background. Same about-type-reason-message within memory is one Event that counts up.
 * Best effort, as everywhere in Kubernetes: a flood is thinned out, normal events first, and nobody ever waits for it.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #limits: typeof defaultLimits;
  readonly #pending = new Map<string, Pending>();
  readonly #written = new Map<string, { namespace: string; name: string; count: number; first: string }>();
  readonly #buckets: Record<Occurrence['type'], TokenBucket>;
  #timer: Timer | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #serial = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    const bucket = (): TokenBucket => new TokenBucket(options.clock, this.#limits.burst, this.#limits.perSecond);
    this.#buckets = { Normal: bucket(), Warning: bucket() };
  }

  record(occurrence: Occurrence): void {
    const key = identity(occurrence);
    const now = seconds(this.#options.clock.now());
    const pending = this.#pending.get(key);
    if (pending !== undefined) {
      pending.count += 1;
      pending.last = now;
      return;
    }
    if (this.#pending.size >= this.#limits.pending || !this.#buckets[occurrence.type].take()) {
      this.#options.onDropped?.(occurrence);
      return;
    }
    this.#pending.set(key, { occurrence, first: now, last: now, count: 1 });
    this.#timer ??= this.#options.clock.after(this.#limits.flushMilliseconds, () => void this.flush());
  }

  /** Writes what waits, and resolves when it is written. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#writeAll());
    await this.#flushing;
  }

  async stop(): Promise<void> {
    await this.flush();
  }

  async #writeAll(): Promise<void> {
    const waiting = [...this.#pending];
    this.#pending.clear();
    for (let start = 0; start < waiting.length; start += this.#limits.batch) {
      const batch = waiting.slice(start, start + this.#limits.batch);
      await Promise.all(batch.map(([key, pending]) => this.#write(key, pending)));
    }
  }

  async #write(key: string, pending: Pending): Promise<void> {
    try {
      if (!(await this.#countUp(key, pending))) await this.#create(key, pending);
    } catch {
      this.#options.onDropped?.(pending.occurrence);
    }
  }

  async #countUp(key: string, pending: Pending): Promise<boolean> {
    const known = this.#written.get(key);
    if (known === undefined) return false;
    const { store, kind } = this.#options;
    known.count += pending.count;
    const body = { count: known.count, lastTimestamp: pending.last };
    const ref = { kind, namespace: known.namespace, name: known.name };
    try {
      await store.patch(ref, { type: 'merge', body }, this.#writeOptions());
      return true;
    } catch {
      this.#written.delete(key);
      return false;
    }
  }

  async #create(key: string, pending: Pending): Promise<void> {
    const { store, kind } = this.#options;
    const object = this.#eventObject(pending);
    const { namespace = '', name = '' } = object.metadata;
    await store.create<EventObject>({ kind: kind as Kind<EventObject>, namespace }, object, this.#writeOptions());
    if (this.#written.size >= this.#limits.remembered) this.#written.delete(this.#written.keys().next().value!);
    this.#written.set(key, { namespace, name, count: pending.count, first: pending.first });
  }

  #eventObject({ occurrence, first, last, count }: Pending): Draft<EventObject> {
    const { about, type, reason, message } = occurrence;
    const { component, clusterNamespace } = this.#options;
    const namespace = about.metadata.namespace ?? clusterNamespace;
    this.#serial = (this.#serial + 1) % 0x1000;
    const moment = this.#options.clock.now().getTime().toString(16) + this.#serial.toString(16).padStart(3, '0');
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${about.metadata.name.slice(0, 230)}.${moment}`, namespace },
      involvedObject: reference(about),
      type,
      reason,
      message: message.slice(0, 1024),
      count,
      firstTimestamp: first,
      lastTimestamp: last,
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
    };
  }

  #writeOptions(): { manager: string; user: UserInfo } {
    return { manager: this.#options.component, user: this.#options.user };
  }
}

function reference({ apiVersion, kind, metadata }: KubeObject): Record<string, string | undefined> {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name, uid, resourceVersion };
}

function identity({ about, type, reason, message }: Occurrence): string {
  return [about.metadata.uid, about.kind, about.metadata.name, type, reason, message].join('\n');
}

function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
