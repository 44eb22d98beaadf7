import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import type { BackendFailure } from '../failures/classify.ts';
import type { GatewayLimits } from '../limits.ts';
import { clientContext } from './client-context.ts';
import type { Dialled } from './dial.ts';
import { dial } from './dial.ts';
import type { AnswerSink, BackendRequest, Exchange } from './exchange.ts';
import type { ConnectionOwner } from './http1/connection.ts';
import { Http1Connection } from './http1/connection.ts';
import type { Http2Owner } from './http2/http2-connection.ts';
import { Http2Connection } from './http2/http2-connection.ts';
import { WaitingRequest } from './waiting-request.ts';

const retiredFailure: BackendFailure = {
  code: 'backend-failed',
  reason: 'RETIRED',
  message: 'the connections of this API were replaced',
};
const lateFailure: BackendFailure = {
  code: 'backend-timeout',
  reason: 'ETIMEDOUT',
  message: 'no connection to the backend became free in time',
};

/** The connections that rest on one plan. Whatever was made by another plan is in another upstream. */
export class Upstream implements ConnectionOwner, Http2Owner {
  readonly plan: UpstreamPlan;
  readonly #limits: GatewayLimits;
  readonly #idle: Http1Connection[] = [];
  readonly #connections = new Set<Http1Connection>();
  readonly #sessions = new Set<Http2Connection>();
  #waiting: WaitingRequest[] = [];
  #dialling = 0;
  /** Undefined until the first connection has told. */
  #speaksHTTP2: boolean | undefined;
  /** Of `performance.now()`: when what still runs after retirement is cut off. */
  #cutOff = Number.POSITIVE_INFINITY;

  /** Throws Node's error when OpenSSL refuses the plan's material. */
  constructor(plan: UpstreamPlan, limits: GatewayLimits) {
    this.plan = plan;
    this.#limits = limits;
    // What OpenSSL refuses shall fail here, before anybody dials.
    if (plan.secure) clientContext(plan);
    else this.#speaksHTTP2 = false;
  }

  /** Whether nothing is left of it after its retirement. */
  get over(): boolean {
    return this.#retired && this.#connections.size + this.#sessions.size + this.#dialling === 0;
  }

  send(request: BackendRequest, sink: AnswerSink): Exchange {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle.send(request, sink);
    if (request.upgrade) return this.#sendAlone(request, sink);
    const session = this.#freeSession();
    if (session !== undefined) return session.send(request, sink);
    const waiting = this.#wait(request, sink);
    this.#waiting.push(waiting);
    this.#dialForWaiting();
    return waiting;
  }

  /** Takes no new request, gives back those that were not sent, closes what is unused, and lets the rest end. */
  retire(): void {
    this.#cutOff = performance.now() + this.#limits.replacedMilliseconds;
    this.#failWaiting(retiredFailure, 'always');
    for (const connection of this.#connections) connection.retire();
    for (const session of this.#sessions) session.retire();
  }

  destroy(error: Error): void {
    this.#cutOff = 0;
    this.#failWaiting(retiredFailure, 'always');
    for (const connection of this.#connections) connection.destroy(error);
    for (const session of this.#sessions) session.destroy(error);
  }

  /** Called every so often: ends what has waited too long. */
  sweep(now: number): void {
    if (this.#cutOff < now) return this.destroy(new Error('the connection was replaced, and its time is over'));
    for (const connection of this.#connections) if (connection.deadline < now) connection.expire();
    for (const session of this.#sessions) session.sweep(now, this.#limits.backendIdleMilliseconds);
    if (this.#waiting.some((waiting) => waiting.deadline < now)) this.#failLate(now);
  }

  idle(connection: Http1Connection): void {
    const waiting = this.#nextWaiting();
    if (waiting !== undefined) return waiting.begin((request, sink) => connection.send(request, sink));
    connection.deadline = performance.now() + this.#limits.backendIdleMilliseconds;
    this.#idle.push(connection);
  }

  gone(connection: Http1Connection | Http2Connection): void {
    if (connection instanceof Http2Connection) this.#sessions.delete(connection);
    else this.#forget(connection);
    this.#dialForWaiting();
  }

  closing(): void {
    this.#dialForWaiting();
  }

  #wait(request: BackendRequest, sink: AnswerSink): WaitingRequest {
    return new WaitingRequest(request, sink, performance.now() + this.#limits.responseMilliseconds);
  }

  /** On a connection of its own, which will be no other request's: it is to become a WebSocket. */
  #sendAlone(request: BackendRequest, sink: AnswerSink): Exchange {
    const waiting = this.#wait(request, sink);
    this.#connect(true, (dialled) => {
      if (!dialled.ok) return waiting.fail(described(dialled), 'never');
      if (!waiting.abandoned && !this.#retired) {
        return waiting.begin((request, sink) => this.#adopt(dialled.socket).send(request, sink));
      }
      dialled.socket.destroy();
      return waiting.fail(retiredFailure, 'always');
    });
    return waiting;
  }

  get #retired(): boolean {
    return this.#cutOff !== Number.POSITIVE_INFINITY;
  }

  #forget(connection: Http1Connection): void {
    this.#connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  #freeSession(): Http2Connection | undefined {
    for (const session of this.#sessions) if (session.free) return session;
    return undefined;
  }

  #nextWaiting(): WaitingRequest | undefined {
    let next = this.#waiting.shift();
    while (next?.abandoned === true) next = this.#waiting.shift();
    return next;
  }

  /** One connection each, but one at first where it may turn out to serve them all. */
  #dialForWaiting(): void {
    const mayShare = this.#speaksHTTP2 !== false && this.plan.settings.alpnProtocols?.includes('h2') === true;
    const wanted = mayShare ? Math.min(1, this.#waiting.length) : this.#waiting.length;
    const room = this.#limits.connectionsPerBackend - this.#connections.size - this.#sessions.size;
    while (this.#dialling < Math.min(wanted, room)) this.#dial();
  }

  #dial(): void {
    this.#dialling += 1;
    this.#connect(false, (dialled) => {
      this.#dialling -= 1;
      this.#take(dialled);
    });
  }

  #connect(onlyHTTP1: boolean, done: (dialled: Dialled) => void): void {
    const timeoutMilliseconds = this.#limits.connectMilliseconds;
    dial(this.plan, { timeoutMilliseconds, onlyHTTP1 }, done);
  }

  #take(dialled: Dialled): void {
    if (!dialled.ok) return this.#takeFailure(described(dialled));
    const { socket } = dialled;
    if (this.#retired) return void socket.destroy();
    this.#speaksHTTP2 = this.plan.secure && (socket as TLSSocket).alpnProtocol === 'h2';
    if (this.#speaksHTTP2) return this.#addSession(new Http2Connection(socket, this.plan.endpoint, this, this.#limits));
    this.idle(this.#adopt(socket));
    return this.#dialForWaiting();
  }

  #adopt(socket: Socket): Http1Connection {
    const connection = new Http1Connection(socket, this, this.#limits);
    this.#connections.add(connection);
    return connection;
  }

  #addSession(session: Http2Connection): void {
    this.#sessions.add(session);
    while (this.#waiting.length > 0 && session.free) {
      this.#nextWaiting()?.begin((request, sink) => session.send(request, sink));
    }
    this.#dialForWaiting();
  }

  /** Who waited for this connection is told; who may still get one waits on. */
  #takeFailure(failure: BackendFailure): void {
    const alone = this.#dialling === 0 && this.#connections.size + this.#sessions.size === 0;
    if (alone) this.#failWaiting(failure, 'never');
    else this.#nextWaiting()?.fail(failure, 'never');
  }

  #failWaiting(failure: BackendFailure, repeat: 'always' | 'never'): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.fail(failure, repeat);
  }

  #failLate(now: number): void {
    const late = this.#waiting.filter((waiting) => waiting.deadline < now);
    this.#waiting = this.#waiting.filter((waiting) => waiting.deadline >= now);
    for (const each of late) each.fail(lateFailure, 'never');
  }
}

/** With what the backend showed, when that may be the reason. */
function described(dialled: Dialled & { ok: false }): BackendFailure {
  const { failure, shown } = dialled;
  const [own] = shown;
  if (own === undefined) return failure;
  const subject = JSON.stringify(own.subject.replaceAll('\n', ', '));
  return {
    ...failure,
    message: `${failure.message} (shown: ${subject}, SHA-256 ${own.fingerprint256}, until ${own.validTo})`,
  };
}
