import type { Socket } from 'node:net';
import { maximumHelloBytes, readClientHello } from '#tls/hello';
import type { ClientHello } from '#tls/hello';

/** What the first bytes of a connection turned out to be. The socket is paused, and holds all of them again. */
export type FirstBytes = ClientHello | { readonly state: 'bad-name' | 'not-tls' | 'too-long' | 'late' | 'left' };

/** Reads a caller's first message before any TLS engine does, within `milliseconds` and 64 KB. Tells once. */
export function peekHello(
  socket: Socket,
  milliseconds: number,
  done: (first: FirstBytes, bytes: Buffer) => void,
): void {
  new Peek(socket, milliseconds, done).begin();
}

class Peek {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #done: (first: FirstBytes, bytes: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, milliseconds: number, done: (first: FirstBytes, bytes: Buffer) => void) {
    this.#socket = socket;
    this.#done = done;
    this.#timer = setTimeout(() => this.#settle({ state: 'late' }), milliseconds);
  }

  begin(): void {
    this.#socket.on('data', this.#read);
    this.#socket.once('end', this.#left);
    this.#socket.once('close', this.#left);
  }

  readonly #read = (piece: Buffer): void => {
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const reading = readClientHello(this.#held);
    if (reading.state !== 'more') this.#settle(reading as FirstBytes);
    else if (this.#held.length > maximumHelloBytes) this.#settle({ state: 'too-long' });
  };

  readonly #left = (): void => {
    this.#settle({ state: 'left' });
  };

  #settle(first: FirstBytes): void {
    clearTimeout(this.#timer);
    this.#socket.off('data', this.#read);
    this.#socket.off('end', this.#left);
    this.#socket.off('close', this.#left);
    this.#socket.pause();
    if (first.state === 'hello') this.#socket.unshift(this.#held);
    this.#done(first, this.#held);
  }
}
