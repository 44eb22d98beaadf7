import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { CodedError } from '#errors';
import type { Gateway, GatewayChange, GatewayOptions, GatewayStats, RefusedPart } from './gateway.ts';
import type { GatewayLimits } from './limits.ts';
import { defaultGatewayLimits } from './limits.ts';
import type { ListenerHost } from './listening/listener-host.ts';
import { Listening } from './listening/listening.ts';
import type { CallerConnection } from './proxying/caller-connection.ts';
import { callerFacts } from './proxying/caller-connection.ts';
import { Http1Front } from './proxying/http1-front.ts';
import { Http2Front } from './proxying/http2-front.ts';
import { Proxy } from './proxying/proxy.ts';
import { Routing } from './proxying/routing.ts';
import { Counters } from './stats.ts';

/** Opens the data plane with nothing loaded: it listens, and refuses everybody until a change says otherwise. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const gateway = new OpenGateway(options);
  await gateway.listen();
  return gateway;
}

class OpenGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #limits: GatewayLimits;
  readonly #counters = new Counters();
  readonly #routing: Routing;
  readonly #listening: Listening;
  readonly #http1: Http1Front;
  readonly #http2: Http2Front;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #sweeping: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#limits = { ...defaultGatewayLimits, ...options.limits };
    const [limits, counters, { log }] = [this.#limits, this.#counters, options];
    this.#routing = new Routing(limits);
    const proxy = new Proxy({ routes: this.#routing.table, tunnels: this.#routing.tunnels, limits, counters, log });
    this.#http1 = new Http1Front(proxy, limits);
    this.#http2 = new Http2Front(proxy, limits);
    this.#listening = new Listening({ limits, counters, log, secured: (...done) => this.#serve(...done) });
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = limits.connections;
  }

  get address(): { host: string; port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  async listen(): Promise<void> {
    const { host, port } = this.#options;
    try {
      this.#server.listen({ host, port });
      await once(this.#server, 'listening');
    } catch (error) {
      throw listenFailure(error as NodeJS.ErrnoException, `${host}:${port}`);
    }
    this.#sweeping = setInterval(() => this.#routing.sweep(performance.now()), sweepMilliseconds(this.#limits)).unref();
  }

  apply(change: GatewayChange): readonly RefusedPart[] {
    for (const host of change.removedHosts ?? []) this.#listening.remove(host);
    for (const api of change.removedAPIs ?? []) this.#routing.remove(api);
    for (const route of change.unavailable ?? []) this.#routing.announce(route);
    const listeners = (change.listeners ?? []).map((plan) => this.#listening.load(plan));
    const routes = (change.routes ?? []).map((plan) => this.#routing.load(plan));
    return [...listeners, ...routes].filter((part) => part !== undefined);
  }

  stats(): GatewayStats {
    const { handshakes, handshakesResumed, handshakesFailed, requests, requestsInFlight, failures } = this.#counters;
    return {
      connections: this.#sockets.size,
      handshakes,
      handshakesResumed,
      handshakesFailed,
      requests,
      requestsInFlight,
      failures: { ...failures },
      hosts: this.#listening.hosts.size,
      hostsReady: this.#listening.hosts.readySize,
      upstreams: this.#routing.upstreams,
    };
  }

  hasFormer(part: { readonly host: string } | { readonly endpoint: string }): boolean {
    return 'host' in part ? this.#listening.hasFormer(part.host) : this.#routing.hasFormer(part.endpoint);
  }

  forgetSessions(): void {
    this.#listening.forgetSessions();
  }

  witness(fingerprint256: string, tell: (refusal: string | undefined) => void): () => void {
    return this.#listening.witness(fingerprint256, tell);
  }

  async drain(milliseconds: number): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#http1.drain();
    this.#http2.drain();
    const waiting = new AbortController();
    await Promise.race([closed, wait(milliseconds, undefined, { signal: waiting.signal, ref: false }).catch(() => {})]);
    waiting.abort();
    await this.close();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    this.#routing.close(new Error('the gateway was closed'));
    this.#http1.close();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#listening.accept(socket);
  }

  #serve(socket: TLSSocket, host: ListenerHost, chain: readonly X509Certificate[]): void {
    const connection = this.#connectionOf(socket, host, chain);
    if (socket.alpnProtocol === 'h2') this.#http2.take(socket, connection);
    else this.#http1.take(socket, connection);
  }

  #connectionOf(socket: TLSSocket, host: ListenerHost, chain: readonly X509Certificate[]): CallerConnection {
    const remoteAddress = (socket.remoteAddress ?? '').replace(/^::ffff:/u, '');
    const servername = (socket as { servername?: string | false }).servername;
    const serverName = typeof servername === 'string' ? servername : undefined;
    let allowed: string | undefined;
    const allows = (authority: string): boolean => {
      if (authority === allowed) return true;
      if (!this.#mayAsk(host, authority)) return false;
      allowed = authority;
      return true;
    };
    return { remoteAddress, serverName, facts: callerFacts(remoteAddress, chain), allows };
  }

  /**
   * Requests for a host whose listener asks for client certificates come over a connection that was made for it: the
   * handshake with another host has shown none (RFC 9110 section 7.4).
   */
  #mayAsk(host: ListenerHost, authority: string): boolean {
    const name = authority.replace(/:\d*$/u, '').replace(/\.$/u, '').toLowerCase();
    const meant = this.#listening.hosts.find(name);
    if (meant === undefined || meant.plan.host === host.plan.host) return true;
    return (meant.plan.settings.mutualAuthentication ?? 'none') === 'none';
  }
}

/** Often enough that no time limit is missed by much. */
function sweepMilliseconds(limits: GatewayLimits): number {
  const shortest = Math.min(
    limits.responseMilliseconds,
    limits.responseIdleMilliseconds,
    limits.backendIdleMilliseconds,
  );
  return Math.min(1000, Math.max(10, shortest / 4));
}

function listenFailure(error: NodeJS.ErrnoException, address: string): CodedError {
  if (error.code !== 'EADDRINUSE') return new CodedError('internal', `cannot listen on ${address}: ${error.message}`);
  const hint = 'Choose another port, or stop the process that listens there.';
  return new CodedError('address-taken', `another process listens on ${address}`, { hint, cause: error });
}
