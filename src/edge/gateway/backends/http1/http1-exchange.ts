import type { Socket } from 'node:net';
import { classifyBackendError } from '../../failures/classify.ts';
import type { AnswerSink, BackendRequest, Exchange } from '../exchange.ts';
import type { AnswerHead } from './answer-head.ts';
import { MalformedAnswer } from './answer-head.ts';
import type { AnswerParts } from './answer-reader.ts';
import { AnswerReader } from './answer-reader.ts';
import type { PumpEvents } from './body-pump.ts';
import { BodyPump } from './body-pump.ts';
import type { Http1Connection } from './connection.ts';
import { requestText } from './request-text.ts';

/** A backend may announce that it works, or send early hints, but not without end. */
const mostInformational = 20;

/** One request and its answer on a connection of HTTP/1.1. */
export class Http1Exchange implements Exchange, AnswerParts, PumpEvents {
  readonly #connection: Http1Connection;
  readonly #socket: Socket;
  readonly #request: BackendRequest;
  readonly #reader: AnswerReader;
  /** The connection has served before: it may have been closed by the backend just now. */
  readonly #reused: boolean;
  /** Undefined once the exchange is over. */
  #sink: AnswerSink | undefined;
  #pump: BodyPump | undefined;
  #persistent = true;
  #paused = false;
  #informational = 0;
  #upgrade: readonly string[] | undefined;

  constructor(connection: Http1Connection, socket: Socket, request: BackendRequest, sink: AnswerSink, reused: boolean) {
    this.#connection = connection;
    this.#socket = socket;
    this.#request = request;
    this.#sink = sink;
    this.#reused = reused;
    this.#reader = new AnswerReader(request.method, connection.limits.headerBytes, this);
  }

  begin(): void {
    const { body, bodyBytes } = this.#request;
    this.#socket.write(requestText(this.#request), 'latin1');
    this.progressed();
    if (body !== undefined) this.#pump = new BodyPump(body, this.#socket, bodyBytes === undefined, this);
  }

  read(piece: Buffer): void {
    try {
      const rest = this.#reader.read(piece);
      if (!this.#reader.done) this.progressed();
      else if (this.#upgrade === undefined) this.#complete(rest === undefined);
      else this.#handOver(this.#upgrade, rest);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      this.#connection.destroy(error);
    }
  }

  drained(): void {
    this.#pump?.drained();
  }

  /** The backend closed the connection. */
  ended(): void {
    if (this.#reader.close()) this.#finish();
    else this.fail(Object.assign(new Error('the backend closed the connection'), { code: 'ECONNRESET' }));
  }

  fail(error: Error): void {
    const failure = classifyBackendError(error, 'connected');
    const repeatable = this.#reused && !this.#reader.begun && failure.code === 'backend-failed';
    this.#finish()?.failed(failure, repeatable ? 'idempotent' : 'never');
  }

  resume(): void {
    if (!this.#paused || this.#sink === undefined) return;
    this.#paused = false;
    this.progressed();
    this.#socket.resume();
  }

  abort(): void {
    if (this.#finish() !== undefined) this.#connection.leave();
  }

  progressed(): void {
    const { responseMilliseconds, responseIdleMilliseconds } = this.#connection.limits;
    const wait = this.#reader.begun ? responseIdleMilliseconds : responseMilliseconds;
    // While the caller does not take what has arrived, the backend is not to blame.
    this.#connection.deadline = this.#paused ? Number.POSITIVE_INFINITY : performance.now() + wait;
  }

  finished(): void {
    this.#pump = undefined;
    this.progressed();
  }

  broken(): void {
    this.#pump = undefined;
    this.abort();
  }

  head(head: AnswerHead): void {
    if (head.status === 101) this.#takeUpgrade(head);
    else if (head.status < 200) this.#takeInformational(head);
    else {
      this.#persistent = head.persistent;
      this.#sink?.head(head.status, head.reason, head.headers);
    }
  }

  chunk(bytes: Buffer, last: boolean): void {
    if (this.#sink === undefined || this.#sink.chunk(bytes, last) || last || this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  end(trailers: readonly string[]): void {
    this.#sink?.end(trailers);
  }

  #takeInformational(head: AnswerHead): void {
    this.#informational += 1;
    if (this.#informational > mostInformational) throw new MalformedAnswer('there is no end of interim responses');
    if (head.status !== 100) this.#sink?.informational(head.status, head.headers);
  }

  #takeUpgrade(head: AnswerHead): void {
    if (!this.#request.upgrade) throw new MalformedAnswer('the backend upgrades the connection unasked');
    this.#upgrade = head.headers;
  }

  #handOver(headers: readonly string[], rest: Buffer | undefined): void {
    const sink = this.#finish();
    const socket = this.#connection.surrender();
    sink?.upgraded(headers, socket, rest ?? Buffer.alloc(0));
  }

  /** An answer may come before the backend has taken the whole request; the rest of that must not become the next one. */
  #complete(clean: boolean): void {
    const sent = this.#pump === undefined;
    const aborted = this.#finish() === undefined;
    if (this.#paused) this.#socket.resume();
    if (!aborted) this.#connection.release(clean && sent && this.#persistent);
  }

  #finish(): AnswerSink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#pump?.stop();
    this.#pump = undefined;
    return sink;
  }
}
