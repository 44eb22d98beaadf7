import { performServerHandshake } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { GatewayLimits } from '../limits.ts';
import type { CallerConnection } from './caller-connection.ts';
import { closeWhenIdle } from './close-when-idle.ts';
import { Http2Caller } from './http2-caller.ts';
import type { Proxy } from './proxy.ts';

/** Speaks HTTP/2 with callers, over connections that listeners hand in. */
export class Http2Front {
  readonly #proxy: Proxy;
  readonly #limits: GatewayLimits;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(proxy: Proxy, limits: GatewayLimits) {
    this.#proxy = proxy;
    this.#limits = limits;
  }

  take(socket: TLSSocket, connection: CallerConnection): void {
    const session = performServerHandshake(socket, optionsFor(this.#limits));
    this.#sessions.add(session);
    closeWhenIdle(session, socket, this.#limits.idleMilliseconds);
    session.on('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
    session.on('stream', (stream, headers, _flags, raw) => {
      this.#accept(connection, stream, headers, raw);
    });
  }

  /** Tells callers to make new connections for new requests (GOAWAY), and lets those under way end. */
  drain(): void {
    for (const session of this.#sessions) session.close();
  }

  #accept(
    connection: CallerConnection,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    raw: readonly string[],
  ): void {
    const caller = new Http2Caller(connection, stream, headers, raw);
    this.#proxy.accept(caller);
  }
}

function optionsFor(limits: GatewayLimits): Parameters<typeof performServerHandshake>[1] {
  return {
    maxHeaderListPairs: limits.headerFields + 8,
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: limits.headerBytes,
      initialWindowSize: 256 * 1024,
    },
  };
}
