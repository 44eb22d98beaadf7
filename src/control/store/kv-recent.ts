import type { KvBatch, KvEvent } from './kv.ts';

/** What the bookkeeping of one event costs beside its bytes; an estimate. */
const eventOverheadBytes = 256;

/** The newest events, in order and without gaps, as many as fit in `limitBytes`. */
export class RecentEvents {
  readonly #limitBytes: number;
  #events: KvEvent[] = [];
  /** Index of the oldest event that is still held. */
  #head = 0;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(events: readonly KvEvent[]): void {
    for (const event of events) {
      this.#events.push(withOwnBytes(event));
      this.#bytes += eventBytes(event);
    }
    while (this.#bytes > this.#limitBytes) this.#bytes -= eventBytes(this.#events[this.#head++]!);
    if (this.#head > this.#events.length / 2) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  /** At most `limit` of the events after `after` that are under `prefix`; undefined when they are not all held. */
  after(prefix: string, after: number, limit: number): KvBatch | undefined {
    const oldest = this.#events[this.#head];
    if (oldest === undefined || after + 1 < oldest.rev) return undefined;
    const from = this.#head + (after + 1 - oldest.rev);
    const batch = this.#events.slice(from, from + limit);
    return { rev: after + batch.length, events: batch.filter(({ key }) => key.startsWith(prefix)) };
  }

  clear(): void {
    this.#events = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}

export function eventBytes({ key, value, previous }: KvEvent): number {
  return eventOverheadBytes + key.length + (value?.length ?? 0) + (previous?.value.length ?? 0);
}

/** Node cuts small buffers from large ones, and a small one that is kept keeps the whole of it. */
function withOwnBytes(event: KvEvent): KvEvent {
  const { value, previous } = event;
  return {
    ...event,
    ...(value === undefined ? {} : { value: ownBytes(value) }),
    ...(previous === undefined ? {} : { previous: { ...previous, value: ownBytes(previous.value) } }),
  };
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength === bytes.length ? bytes : new Uint8Array(bytes);
}
