import { CodedError } from '#errors';
import type { WatchStream } from './watch-stream.ts';
import { WritePace } from './write-pace.ts';

/** All watches of one server: they write at one pace, one timer keeps the silent ones alive, and closing ends them all. */
export class OpenWatches {
  readonly pace = new WritePace();
  readonly #streams = new Set<WatchStream>();
  readonly #limit: number;
  readonly #timer: NodeJS.Timeout;

  constructor(limit: number, heartbeatMilliseconds: number) {
    this.#limit = limit;
    this.#timer = setInterval(() => this.#beat(), heartbeatMilliseconds).unref();
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Fails with too-many-requests when the server has all the watches that it may have. */
  refuseWhenFull(): void {
    if (this.#streams.size < this.#limit) return;
    throw new CodedError('too-many-requests', `the server has ${this.#limit} open watches; try again later`);
  }

  add(stream: WatchStream): void {
    this.#streams.add(stream);
  }

  delete(stream: WatchStream): void {
    this.#streams.delete(stream);
  }

  /** Ends every watch in good order. */
  close(): void {
    clearInterval(this.#timer);
    for (const stream of this.#streams) stream.stop();
  }

  #beat(): void {
    for (const stream of this.#streams) stream.beat();
  }
}
