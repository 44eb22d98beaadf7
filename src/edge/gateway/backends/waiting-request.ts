import type { BackendFailure } from '../failures/classify.ts';
import type { AnswerSink, BackendRequest, Exchange, Repeat } from './exchange.ts';

/** A request for which no connection is free yet. */
export class WaitingRequest implements Exchange {
  /** Of `performance.now()`. */
  readonly deadline: number;
  readonly #request: BackendRequest;
  readonly #sink: AnswerSink;
  #exchange: Exchange | undefined;
  #abandoned = false;

  constructor(request: BackendRequest, sink: AnswerSink, deadline: number) {
    this.#request = request;
    this.#sink = sink;
    this.deadline = deadline;
  }

  /** Whether the caller has given up. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  begin(send: (request: BackendRequest, sink: AnswerSink) => Exchange): void {
    this.#exchange = send(this.#request, this.#sink);
  }

  fail(failure: BackendFailure, repeat: Repeat): void {
    if (!this.#abandoned) this.#sink.failed(failure, repeat);
  }

  resume(): void {
    this.#exchange?.resume();
  }

  abort(): void {
    this.#abandoned = true;
    this.#exchange?.abort();
  }
}
