import { parseRevision } from '../revision.ts';
import { revisionTooLarge } from '../failures.ts';
import { changeEvent } from './change-event.ts';
import { Doorbell } from './doorbell.ts';
import { selectEvent } from './select-event.ts';
import type { CompiledSelection } from '../read/selection.ts';
import type { Kind } from '#model/resources';
import type { Kv, KvEvent } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';
import type { Page } from '../read/pages.ts';
import type { StoreEvent, WatchOptions } from '../resource-store.ts';
import type { Topic } from './topic.ts';
import type { WatchHub } from './hub.ts';

export interface WatcherParts {
  readonly kind: Kind;
  readonly kv: Kv;
  readonly hub: WatchHub;
  readonly reader: ObjectReader;
  readonly selection: CompiledSelection;
  readonly options: WatchOptions;
  /** The current state of the selection in pages, all of the first page's revision. */
  readonly pages: () => AsyncIterable<Page>;
}

/**
 * One watch: a place in the stream of changes, and no queue. It reads from the hub's recent events; when it fell behind
 * them, from the kv's log; and at the start, when it asked for that, from the current state.
 */
export class Watcher {
  readonly #parts: WatcherParts;
  /** Every event up to here has been handed out. */
  #place = 0;
  #bookmarkRound: number;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.#bookmarkRound = parts.hub.bookmarkRound;
  }

  async *events(): AsyncGenerator<StoreEvent, void, undefined> {
    const { hub, kind, options, selection } = this.#parts;
    const topic = await hub.topic(kind);
    if (await this.#startsWithState()) yield* this.#initialState();
    const bell = new Doorbell(selection.key ?? selection.prefix, selection.key !== undefined, options.signal);
    try {
      while (!options.signal.aborted && !hub.closed) {
        if (this.#place < topic.floor) yield* this.#history(topic);
        else yield* this.#recent(topic);
        if (this.#takeBookmarkRound()) yield { type: 'BOOKMARK', resourceVersion: String(this.#place) };
        if (this.#isUpToDate(topic)) this.#goOnFrom(await bell.wait(topic));
      }
    } finally {
      bell.dispose();
    }
  }

  /** Who slept need not look at what happened to others meanwhile. */
  #goOnFrom(seen: number | undefined): void {
    this.#place = Math.max(this.#place, seen ?? 0);
  }

  /** Finds the starting place. Whether the current state is to be replayed. */
  async #startsWithState(): Promise<boolean> {
    const { kv, hub, options, selection } = this.#parts;
    const from = parseRevision(options.from);
    this.#place = from;
    if (from <= hub.revision && from > 0) return options.sendInitialEvents === true;
    const { rev } = await kv.get(selection.prefix);
    if (from > rev) throw revisionTooLarge(from, rev);
    if (from === 0) this.#place = rev;
    return options.sendInitialEvents ?? from === 0;
  }

  async *#initialState(): AsyncGenerator<StoreEvent, void, undefined> {
    for await (const { revision, objects } of this.#parts.pages()) {
      for (const object of objects) yield { type: 'ADDED', object };
      this.#place = revision;
    }
    const { sendInitialEvents, bookmarks } = this.#parts.options;
    if (sendInitialEvents !== true || bookmarks !== true) return;
    yield { type: 'BOOKMARK', resourceVersion: String(this.#place), initialEventsEnd: true };
  }

  *#recent(topic: Topic): Generator<StoreEvent, void, undefined> {
    while (this.#place >= topic.floor) {
      const event = topic.next(this.#place);
      if (event === undefined) break;
      this.#place = event.rev;
      const selected = this.#concerns(event.key) ? selectEvent(event, this.#parts.selection.matches) : undefined;
      if (selected !== undefined) yield selected;
    }
    if (this.#place >= topic.floor) this.#place = Math.max(this.#place, this.#parts.hub.revision);
  }

  /** Reads the log until the recent events are reached. Throws gone when the place was compacted away. */
  async *#history(topic: Topic): AsyncGenerator<StoreEvent, void, undefined> {
    const { kv, selection, options } = this.#parts;
    for await (const batch of kv.watch(selection.prefix, this.#place, options.signal)) {
      for (const event of batch.events) {
        this.#place = event.rev;
        const selected = this.#selectFromLog(event);
        if (selected !== undefined) yield selected;
      }
      this.#place = batch.rev;
      if (this.#place >= topic.floor) return;
    }
  }

  #selectFromLog(source: KvEvent): StoreEvent | undefined {
    const { kind, reader, selection } = this.#parts;
    return this.#concerns(source.key) ? selectEvent(changeEvent(kind, source, reader), selection.matches) : undefined;
  }

  #concerns(key: string): boolean {
    const { selection } = this.#parts;
    return selection.key === undefined ? key.startsWith(selection.prefix) : key === selection.key;
  }

  #isUpToDate(topic: Topic): boolean {
    const { hub, options } = this.#parts;
    if (options.signal.aborted || hub.closed || this.#bookmarkIsDue()) return false;
    return this.#place >= topic.floor && topic.next(this.#place) === undefined;
  }

  #bookmarkIsDue(): boolean {
    return this.#parts.options.bookmarks === true && this.#bookmarkRound !== this.#parts.hub.bookmarkRound;
  }

  #takeBookmarkRound(): boolean {
    const isDue = this.#bookmarkIsDue();
    this.#bookmarkRound = this.#parts.hub.bookmarkRound;
    return isDue;
  }
}
