import type { Kind } from '#model/resources';
import { CodedError, isCoded } from '#errors';
import { kindPrefix, rootPrefix } from '../keys.ts';
import type { Kv, KvEvent } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';
import { changeEvent } from './change-event.ts';
import { Topic } from './topic.ts';

export interface HubParts {
  readonly kv: Kv;
  readonly reader: ObjectReader;
  readonly kindOf: (key: string) => Kind | undefined;
  /** Bytes of recent events kept for watchers; one that falls further behind reads the kv's log. */
  readonly maxBytes: number;
}

/**
 * One watch of the kv for the whole process, and the recent events of each watched kind. Watchers hold a place, not a
 * queue: one that never reads costs nothing but that. Every event at or below `revision` has been published.
 */
export class WatchHub {
  readonly #parts: HubParts;
  readonly #topics = new Map<string, Topic>();
  readonly #stop = new AbortController();
  /** The topic of each event held, oldest first; `#orderFirst` of them are gone. */
  #order: Topic[] = [];
  #orderFirst = 0;
  #bytes = 0;
  #revision = 0;
  #started: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #failure: unknown;
  #bookmarkRound = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get revision(): number {
    return this.#revision;
  }

  get closed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The events of a kind from now on; starts the watch of the kv at the first call. */
  async topic(kind: Kind): Promise<Topic> {
    this.#started ??= this.#start();
    await this.#started;
    if (this.closed) throw this.#failure ?? new CodedError('store-closed', 'the store is closed');
    const prefix = kindPrefix(kind);
    let topic = this.#topics.get(prefix);
    if (topic === undefined) this.#topics.set(prefix, (topic = new Topic(prefix, this.#revision)));
    return topic;
  }

  /** Counts the times that watchers were asked for a bookmark. */
  get bookmarkRound(): number {
    return this.#bookmarkRound;
  }

  /** Has every watcher that wants bookmarks say how far it is. */
  sendBookmarks(): void {
    this.#bookmarkRound += 1;
    this.#wakeAll(this.#revision);
  }

  async close(): Promise<void> {
    this.#end();
    await this.#running;
  }

  #wakeAll(seen: number | undefined): void {
    for (const topic of this.#topics.values()) topic.wakeAll(seen);
  }

  async #start(): Promise<void> {
    this.#revision = (await this.#parts.kv.get(rootPrefix)).rev;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.closed) {
      try {
        await this.#follow();
      } catch (error) {
        if (!(await this.#recover(error))) return;
      }
    }
  }

  async #follow(): Promise<void> {
    for await (const { rev, events } of this.#parts.kv.watch(rootPrefix, this.#revision, this.#stop.signal)) {
      for (const event of events) this.#publish(event);
      this.#revision = Math.max(this.#revision, rev);
    }
    // The kv ends a watch only when it closes, and then so does everything that reads from here.
    this.#end();
  }

  #end(): void {
    this.#stop.abort();
    this.#wakeAll(undefined);
  }

  /** After a break, watchers find that the topics start later than their place, and read the gap from the kv itself. */
  async #recover(error: unknown): Promise<boolean> {
    if (this.closed || !isCoded(error, 'gone')) {
      this.#failure = error;
      this.#end();
      return false;
    }
    this.#revision = (await this.#parts.kv.get(rootPrefix)).rev;
    for (const topic of this.#topics.values()) this.#bytes -= topic.restart(this.#revision);
    this.#order = [];
    this.#orderFirst = 0;
    return true;
  }

  #publish(source: KvEvent): void {
    this.#parts.reader.noteChange(source.key, source.rev);
    const kind = this.#parts.kindOf(source.key);
    const topic = kind === undefined ? undefined : this.#topics.get(kindPrefix(kind));
    if (kind === undefined || topic === undefined) return;
    const event = changeEvent(kind, source, this.#parts.reader);
    this.#order.push(topic);
    this.#bytes += event.size;
    this.#revision = event.rev;
    topic.publish(event);
    while (this.#bytes > this.#parts.maxBytes) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#bytes -= this.#order[this.#orderFirst]!.dropOldest();
    this.#orderFirst += 1;
    if (this.#orderFirst > 1024 && this.#orderFirst * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#orderFirst);
      this.#orderFirst = 0;
    }
  }
}
