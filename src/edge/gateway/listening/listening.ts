import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenerPlan } from '#model/gateways';
import type { GatewayLog, RefusedPart } from '../gateway.ts';
import type { GatewayLimits } from '../limits.ts';
import type { Counters } from '../stats.ts';
import type { FirstBytes } from './hello-peek.ts';
import { peekHello } from './hello-peek.ts';
import { HostTable } from './host-table.ts';
import { ListenerHost } from './listener-host.ts';
import { refuseHello } from './refuse-hello.ts';

export interface ListeningOptions {
  readonly limits: GatewayLimits;
  readonly counters: Counters;
  readonly log: GatewayLog;
  /** Where connections go whose handshake is done. */
  readonly secured: (socket: TLSSocket, host: ListenerHost, chain: readonly X509Certificate[]) => void;
}

/** The hosts of a gateway, and the way of a connection from its first byte to the end of its handshake. */
export class Listening {
  readonly hosts: HostTable;
  readonly #options: ListeningOptions;
  /** Replaced while a handshake was under way. */
  readonly #former = new Set<ListenerHost>();
  readonly #witnesses = new Map<string, (refusal: string | undefined) => void>();

  constructor(options: ListeningOptions) {
    this.#options = options;
    this.hosts = new HostTable(options.limits.readyHosts);
  }

  /** Serves a host by a plan from now on. What OpenSSL refuses replaces nothing. */
  load(plan: ListenerPlan): RefusedPart | undefined {
    const before = this.hosts.get(plan.host);
    if (before?.plan.digest === plan.digest) return undefined;
    const host = new ListenerHost(plan, this.#options.limits.handshakeMilliseconds, this, before);
    try {
      host.prepare();
    } catch (error) {
      return refusal(plan.host, error as NodeJS.ErrnoException);
    }
    this.hosts.set(host);
    this.#replaced(before, plan);
    return undefined;
  }

  remove(pattern: string): void {
    this.#replaced(this.hosts.delete(pattern), undefined);
  }

  /** Whether a handshake with an earlier plan of the host is still under way. */
  hasFormer(pattern: string): boolean {
    this.#forgetOver();
    return [...this.#former].some(({ plan }) => plan.host === pattern);
  }

  /** Whoever had a session has none any more; open connections go on. */
  forgetSessions(): void {
    this.hosts.releaseAll();
  }

  /** Tells once what is made of the client certificate with that SHA-256; answers how to ask no more. */
  witness(fingerprint256: string, tell: (refusal: string | undefined) => void): () => void {
    this.#witnesses.set(fingerprint256, tell);
    return () => this.#witnesses.delete(fingerprint256);
  }

  judged([own]: readonly X509Certificate[], refusal: string | undefined): void {
    if (this.#witnesses.size === 0 || own === undefined) return;
    const tell = this.#witnesses.get(own.fingerprint256);
    this.#witnesses.delete(own.fingerprint256);
    tell?.(refusal);
  }

  /** A host whose handshakes are over is held by nobody: its context is large. */
  #forgetOver(): void {
    for (const host of this.#former) if (!host.isBusy) this.#former.delete(host);
  }

  #replaced(before: ListenerHost | undefined, after: ListenerPlan | undefined): void {
    if (before === undefined) return;
    before.distrust(after);
    this.#forgetOver();
    if (before.isBusy) this.#former.add(before);
  }

  accept(socket: Socket): void {
    socket.on('error', ignore);
    const { only } = this.hosts;
    if (only !== undefined) return this.#hand(socket, only);
    peekHello(socket, this.#options.limits.handshakeMilliseconds, (first, bytes) => this.#begin(socket, first, bytes));
  }

  secured(socket: TLSSocket, host: ListenerHost, chain: readonly X509Certificate[]): void {
    this.#options.counters.handshakes += 1;
    if (socket.isSessionReused()) this.#options.counters.handshakesResumed += 1;
    this.#options.secured(socket, host, chain);
  }

  refused(host: ListenerHost, error: NodeJS.ErrnoException): void {
    this.#options.counters.handshakesFailed += 1;
    const { code, message } = error;
    this.#options.log.info({ host: host.plan.host, code }, `a handshake at ${host.plan.host} failed: ${message}`);
  }

  #begin(socket: Socket, first: FirstBytes, bytes: Buffer): void {
    const host = first.state === 'hello' ? this.hosts.find(first.serverName) : undefined;
    if (host === undefined) this.#refuse(socket, first, bytes);
    else this.#hand(socket, host);
  }

  #refuse(socket: Socket, first: FirstBytes, bytes: Buffer): void {
    if (first.state !== 'left') this.#options.counters.handshakesFailed += 1;
    if (first.state === 'hello') {
      const { serverName } = first;
      this.#options.log.info(
        { serverName, code: 'unrecognized-name' },
        'no listener for the name that a caller indicated',
      );
    }
    refuseHello(socket, first, bytes);
  }

  #hand(socket: Socket, host: ListenerHost): void {
    try {
      this.hosts.use(host);
      host.accept(socket);
    } catch (error) {
      this.refused(host, error as NodeJS.ErrnoException);
      socket.destroy();
    }
  }
}

function refusal(host: string, error: NodeJS.ErrnoException): RefusedPart {
  return { subject: { host }, code: error.code ?? error.name, message: error.message };
}

/** `close` follows. */
function ignore(): void {}
