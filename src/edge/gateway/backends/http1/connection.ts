import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { AnswerSink, BackendRequest, Exchange, ExchangeLimits } from '../exchange.ts';
import { Http1Exchange } from './http1-exchange.ts';

/** What the owner of connections learns of one. */
export interface ConnectionOwner {
  /** It can carry another request. */
  idle(connection: Http1Connection): void;
  /** It will carry no more; told once. */
  gone(connection: Http1Connection): void;
}

/** One connection to a backend that speaks HTTP/1.1, with at most one request on it at a time. */
export class Http1Connection {
  /** Of `performance.now()`: when a request has waited too long, or the unused connection shall be given up. */
  deadline = Number.POSITIVE_INFINITY;
  readonly limits: ExchangeLimits;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #exchange: Http1Exchange | undefined;
  #served = 0;
  #retired = false;
  #over = false;

  constructor(socket: Socket, owner: ConnectionOwner, limits: ExchangeLimits) {
    this.#socket = socket;
    this.#owner = owner;
    this.limits = limits;
    socket.on('data', this.#read);
    socket.on('drain', this.#drained);
    socket.on('end', this.#ended);
    socket.on('close', this.#ended);
    socket.on('error', this.#broken);
  }

  send(request: BackendRequest, sink: AnswerSink): Exchange {
    this.#exchange = new Http1Exchange(this, this.#socket, request, sink, this.#served > 0);
    this.#exchange.begin();
    return this.#exchange;
  }

  /** Ends it at once; a request under way fails as `error` says. */
  destroy(error: Error): void {
    const exchange = this.#exchange;
    this.leave();
    exchange?.fail(error);
  }

  /** The deadline has passed. */
  expire(): void {
    this.destroy(Object.assign(new Error('the backend took too long'), { code: 'ETIMEDOUT' }));
  }

  /** Lets a request under way end, and is of no use after it. */
  retire(): void {
    this.#retired = true;
    if (this.#exchange === undefined) this.leave();
  }

  /** The exchange is over; `reusable` when nothing of it is left on the connection. */
  release(reusable: boolean): void {
    this.#exchange = undefined;
    this.#served += 1;
    this.deadline = Number.POSITIVE_INFINITY;
    if (reusable && !this.#retired && !this.#over) this.#owner.idle(this);
    else this.leave();
  }

  /** Gives the socket away, without listeners and paused. */
  surrender(): Duplex {
    const socket = this.#socket;
    socket.pause();
    socket.off('data', this.#read);
    socket.off('drain', this.#drained);
    socket.off('end', this.#ended);
    socket.off('close', this.#ended);
    socket.off('error', this.#broken);
    this.#exchange = undefined;
    this.#tellGone();
    return socket;
  }

  leave(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
    this.#tellGone();
  }

  #tellGone(): void {
    if (this.#over) return;
    this.#over = true;
    this.#owner.gone(this);
  }

  /** Nothing may come unasked: it would be taken for the answer to the next request. */
  readonly #read = (piece: Buffer): void => {
    if (this.#exchange === undefined) this.leave();
    else this.#exchange.read(piece);
  };

  readonly #drained = (): void => {
    this.#exchange?.drained();
  };

  readonly #ended = (): void => {
    const exchange = this.#exchange;
    this.leave();
    exchange?.ended();
  };

  readonly #broken = (error: Error): void => {
    this.destroy(error);
  };
}
