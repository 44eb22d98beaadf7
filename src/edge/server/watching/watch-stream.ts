import type { ServerResponse } from 'node:http';
import type { WritePace } from './write-pace.ts';

/** Says that the watch lives; Go's and Node's clients skip empty lines. */
const heartbeat = '\n';

/**
 * The lines of one watch on its way to the client. Lines that come close together leave as one piece; a client that does
 * not take them stops the source, and one that takes none for too long is cut off.
 */
export class WatchStream {
  readonly #response: ServerResponse;
  readonly #pace: WritePace;
  readonly #stalledMilliseconds: number;
  readonly #ended = new AbortController();
  #isCorked = false;
  #isSilent = true;

  constructor(response: ServerResponse, pace: WritePace, stalledMilliseconds: number) {
    this.#response = response;
    this.#pace = pace;
    this.#stalledMilliseconds = stalledMilliseconds;
    response.once('close', () => this.stop());
    response.on('error', () => this.stop());
  }

  /** Aborted when either side has ended the watch. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Sends the headers before there is anything to say. */
  open(headers: Readonly<Record<string, string | string[]>>): void {
    this.#response.writeHead(200, headers);
    this.#response.flushHeaders();
  }

  /** Resolves when the next line may follow. */
  async write(line: string | Uint8Array): Promise<void> {
    if (this.signal.aborted) return;
    this.#cork();
    this.#isSilent = false;
    const hasRoom = this.#response.write(line);
    if (!hasRoom) await this.#drained();
  }

  beat(): void {
    const isBlocked = this.#response.writableNeedDrain;
    if (this.#isSilent && !isBlocked && this.#response.headersSent) this.#response.write(heartbeat);
    this.#isSilent = true;
  }

  end(): void {
    this.#uncork();
    this.#response.end();
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#response.cork();
    this.#pace.soon(this.#uncork);
  }

  // A response uncorks its connection before it frames what it holds: the length would leave in a TLS record of its own.
  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    const { socket } = this.#response;
    socket?.cork();
    this.#response.uncork();
    socket?.uncork();
  };

  #drained(): Promise<void> {
    this.#uncork();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#response.destroy(), this.#stalledMilliseconds);
      const finish = (): void => {
        clearTimeout(timer);
        this.#response.off('drain', finish);
        this.signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#response.once('drain', finish);
      this.signal.addEventListener('abort', finish, { once: true });
    });
  }
}
