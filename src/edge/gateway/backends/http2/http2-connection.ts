import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { AnswerSink, BackendRequest, Exchange, ExchangeLimits } from '../exchange.ts';
import { Http2Exchange } from './http2-exchange.ts';

/** What the owner learns of a connection. */
export interface Http2Owner {
  /** It will take no more requests; those under way may still end. */
  closing(): void;
  gone(connection: Http2Connection): void;
}

/** Before the backend has said how many it takes (RFC 9113 section 6.5.2 recommends no fewer than 100). */
const streamsBeforeSettings = 100;

/** One connection to a backend that speaks HTTP/2, with many requests on it. */
export class Http2Connection {
  readonly limits: ExchangeLimits;
  readonly #session: ClientHttp2Session;
  readonly #exchanges = new Set<Http2Exchange>();
  #closing = false;
  #idleSince = performance.now();

  constructor(socket: Socket, authority: string, owner: Http2Owner, limits: ExchangeLimits) {
    this.limits = limits;
    this.#session = connect(`https://${authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: limits.headerBytes },
      maxHeaderListPairs: 400,
      peerMaxConcurrentStreams: streamsBeforeSettings,
    });
    this.#session.on('goaway', () => this.#stop(owner));
    this.#session.on('close', () => {
      this.#stop(owner);
      owner.gone(this);
    });
    this.#session.on('error', () => this.#stop(owner));
  }

  /** Whether it has room for one more request. */
  get free(): boolean {
    const most = this.#session.remoteSettings.maxConcurrentStreams ?? streamsBeforeSettings;
    return !this.#closing && !this.#session.destroyed && !this.#session.closed && this.#exchanges.size < most;
  }

  send(request: BackendRequest, sink: AnswerSink): Exchange {
    const exchange = new Http2Exchange(this, request, sink);
    this.#exchanges.add(exchange);
    exchange.begin(this.#session);
    return exchange;
  }

  release(exchange: Http2Exchange): void {
    this.#exchanges.delete(exchange);
    this.#idleSince = performance.now();
  }

  /** Lets the requests under way end. */
  retire(): void {
    this.#closing = true;
    this.#session.close();
  }

  destroy(error: Error): void {
    this.#closing = true;
    for (const exchange of this.#exchanges) exchange.fail(error);
    this.#session.destroy();
  }

  /** Ends what has waited too long. */
  sweep(now: number, idleMilliseconds: number): void {
    for (const exchange of this.#exchanges) if (exchange.deadline < now) exchange.expire();
    if (this.#exchanges.size === 0 && this.#idleSince + idleMilliseconds < now) this.retire();
  }

  #stop(owner: Http2Owner): void {
    if (this.#closing) return;
    this.#closing = true;
    owner.closing();
  }
}
