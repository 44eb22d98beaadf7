import type { Duplex } from 'node:stream';
import type { AnswerSink, BackendRequest, Exchange, Repeat } from '../backends/exchange.ts';
import { failureAnswer } from '../failures/answer.ts';
import type { BackendFailure } from '../failures/classify.ts';
import type { CallerFailureCode } from '../failures/codes.ts';
import type { Caller, CallerListener } from './caller.ts';
import { responseHeaders } from './response-headers.ts';
import type { OpenRoute } from './route-table.ts';

/** What a request under way needs of the proxy. */
export interface ForwardingOwner {
  /** The route of the same path as it is now, for another attempt. */
  again(path: string): OpenRoute | undefined;
  tunnel(route: OpenRoute, caller: Duplex, backend: Duplex, rest: Buffer): void;
  failed(route: OpenRoute, caller: Caller, failure: BackendFailure): void;
  /** The request is over, one way or the other; told once. */
  over(): void;
}

const mostAttempts = 3;
/** However often its connections are replaced before it is sent, a request is none the worse for it. */
const mostReplacements = 100;

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS']);

/** One request between a caller and a backend: what arrives on one side goes out on the other, no faster than it is taken. */
export class Forwarding implements AnswerSink, CallerListener {
  readonly #owner: ForwardingOwner;
  readonly #caller: Caller;
  readonly #path: string;
  readonly #request: BackendRequest;
  #route: OpenRoute;
  #exchange: Exchange | undefined;
  #attempts = 0;
  #over = false;

  constructor(owner: ForwardingOwner, caller: Caller, route: OpenRoute, path: string, request: BackendRequest) {
    this.#owner = owner;
    this.#caller = caller;
    this.#route = route;
    this.#path = path;
    this.#request = request;
  }

  begin(): void {
    this.#caller.listen(this);
    this.#attempt();
  }

  drained(): void {
    this.#exchange?.resume();
  }

  left(): void {
    if (this.#finish()) this.#exchange?.abort();
  }

  informational(status: number, headers: readonly string[]): void {
    this.#caller.informational(status, responseHeaders(headers));
  }

  head(status: number, reason: string, headers: readonly string[]): void {
    this.#caller.head(status, reason, responseHeaders(headers));
  }

  chunk(bytes: Buffer, last: boolean): boolean {
    if (last) this.#finish();
    return this.#caller.chunk(bytes, last);
  }

  end(trailers: readonly string[]): void {
    this.#finish();
    this.#caller.end(trailers);
  }

  upgraded(headers: readonly string[], backend: Duplex, rest: Buffer): void {
    this.#finish();
    const caller = this.#caller.upgrade(responseHeaders(headers));
    if (caller === undefined) backend.destroy();
    else this.#owner.tunnel(this.#route, caller, backend, rest);
  }

  failed(failure: BackendFailure, repeat: Repeat): void {
    if (this.#over) return;
    if (this.#mayRepeat(repeat)) return this.#repeat(failure);
    this.#owner.failed(this.#route, this.#caller, failure);
    this.#refuse(failure.code);
  }

  #attempt(): void {
    this.#attempts += 1;
    this.#exchange = this.#route.upstream.send(this.#request, this);
  }

  /** A body that was not begun can be sent with another attempt; one that was is gone. */
  #mayRepeat(repeat: Repeat): boolean {
    if (this.#caller.begun) return false;
    if (repeat === 'always') return this.#attempts < mostReplacements;
    if (this.#attempts >= mostAttempts) return false;
    return repeat === 'idempotent' && idempotent.has(this.#request.method) && this.#request.body === undefined;
  }

  #repeat(failure: BackendFailure): void {
    const route = this.#owner.again(this.#path);
    if (route === undefined || !isSameTarget(route, this.#route)) return this.#refuse(failure.code);
    this.#route = route;
    return this.#attempt();
  }

  #refuse(code: CallerFailureCode): void {
    if (!this.#finish()) return;
    if (this.#caller.begun) return this.#caller.breakOff();
    const { status, headers, body } = failureAnswer(code);
    this.#caller.answer(status, headers, body);
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#owner.over();
    return true;
  }
}

/** The request was written for one place; connections may be new, but the place must be the same. */
function isSameTarget(one: OpenRoute, other: OpenRoute): boolean {
  return one.plan.target === other.plan.target && one.plan.api === other.plan.api;
}
