import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** What a pump tells of. */
export interface PumpEvents {
  progressed(): void;
  finished(): void;
  /** The caller broke off in the middle of the body. */
  broken(): void;
}

/** Writes the body of a request to a backend as fast as the backend takes it, and no faster is it read. */
export class BodyPump {
  readonly #body: Readable;
  readonly #socket: Socket;
  readonly #chunked: boolean;
  readonly #events: PumpEvents;

  constructor(body: Readable, socket: Socket, chunked: boolean, events: PumpEvents) {
    this.#body = body;
    this.#socket = socket;
    this.#chunked = chunked;
    this.#events = events;
    body.on('data', this.#write);
    body.once('end', this.#end);
    body.once('close', this.#broken);
    body.once('error', this.#broken);
  }

  /** The socket takes bytes again. */
  drained(): void {
    this.#body.resume();
  }

  /** Leaves the rest of the body to its owner. */
  stop(): void {
    this.#body.off('data', this.#write);
    this.#body.off('end', this.#end);
    this.#body.off('close', this.#broken);
    this.#body.off('error', this.#broken);
    this.#body.on('error', ignore);
  }

  readonly #write = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    const taken = this.#chunked ? this.#writeChunk(bytes) : this.#socket.write(bytes);
    if (!taken) this.#body.pause();
    this.#events.progressed();
  };

  #writeChunk(bytes: Buffer): boolean {
    this.#socket.cork();
    this.#socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1');
    this.#socket.write(bytes);
    const taken = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return taken;
  }

  readonly #end = (): void => {
    this.stop();
    if (this.#chunked) this.#socket.write('0\r\n\r\n', 'latin1');
    this.#events.finished();
  };

  readonly #broken = (): void => {
    this.stop();
    this.#events.broken();
  };
}

function ignore(): void {}
