import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import type { ListenerPlan } from '#model/gateways';
import { checkPeerKeyStrength } from '#tls/profiles';
import { shownChain } from '../trust/shown-chain.ts';
import { isStillTrusted, type TrustChange } from '../trust/still-trusted.ts';
import { clientTrustChange } from '../trust/trust-change.ts';
import { openTLSServer } from './tls-server.ts';

/** What becomes of handshakes. */
export interface HandshakeEvents {
  /** `chain` is the verified client certificate with what came with it; empty without one. */
  secured(socket: TLSSocket, host: ListenerHost, chain: readonly X509Certificate[]): void;
  refused(host: ListenerHost, error: NodeJS.ErrnoException): void;
  /** What was made of a client certificate: OpenSSL's code for why it is not trusted; undefined when it is. */
  judged(chain: readonly X509Certificate[], refusal: string | undefined): void;
}

/**
 * The TLS server of one host. Each host has its own, and with it its own ticket keys: a session never resumes on another
 * host, nor on the same one after a change.
 */
export class ListenerHost {
  readonly plan: ListenerPlan;
  readonly #events: HandshakeEvents;
  readonly #handshakeMilliseconds: number;
  /** Connections that rest on a client certificate. */
  readonly #authenticated: Set<TLSSocket>;
  #server: Server | undefined;
  /** What its successor trusts no more; handshakes that had begun before end here. */
  #withdrawn: TrustChange | undefined;
  #handshakes = 0;

  constructor(plan: ListenerPlan, handshakeMilliseconds: number, events: HandshakeEvents, before?: ListenerHost) {
    this.plan = plan;
    this.#events = events;
    this.#handshakeMilliseconds = handshakeMilliseconds;
    this.#authenticated = before === undefined ? new Set() : before.#authenticated;
  }

  get isReady(): boolean {
    return this.#server !== undefined;
  }

  /** Makes the TLS context. Throws Node's error when OpenSSL refuses the material. */
  prepare(): Server {
    this.#server ??= this.#open();
    return this.#server;
  }

  /** Lets go of the TLS context; the next handshake makes it anew. */
  release(): void {
    this.#server = undefined;
  }

  /** Whether a handshake is under way. */
  get isBusy(): boolean {
    return this.#handshakes > 0;
  }

  accept(socket: Socket): void {
    const server = this.prepare();
    this.#handshakes += 1;
    server.emit('connection', socket);
  }

  /** Ends the connections whose client certificate `after` does not trust any more; all of them when there is none. */
  distrust(after: ListenerPlan | undefined): void {
    const change = clientTrustChange(this.plan.clientAnchors, after?.clientAnchors ?? []);
    this.#withdrawn = change;
    if (change === undefined) return;
    for (const socket of this.#authenticated) if (!isStillTrusted(shownChain(socket), change)) socket.destroy();
  }

  #open(): Server {
    const server = openTLSServer(this.plan, this.#handshakeMilliseconds);
    server.on('secureConnection', (socket) => {
      this.#handshakes -= 1;
      this.#judge(socket);
    });
    server.on('tlsClientError', (error) => {
      this.#handshakes -= 1;
      this.#events.refused(this, error);
    });
    return server;
  }

  /** Who shows a certificate shows one that is trusted, also where none is required. */
  #judge(socket: TLSSocket): void {
    const chain = this.#asksForCertificates ? shownChain(socket) : [];
    const fault = this.#faultOf(socket, chain);
    if (fault !== undefined) {
      this.#events.refused(this, Object.assign(new Error(fault), { code: 'CLIENT_CERTIFICATE_REFUSED' }));
      socket.on('error', ignore).destroy();
      return;
    }
    if (chain.length > 0) this.#remember(socket);
    this.#events.secured(socket, this, chain);
  }

  #faultOf(socket: TLSSocket, chain: readonly X509Certificate[]): string | undefined {
    if (chain.length === 0) {
      const isMissing = this.plan.settings.mutualAuthentication === 'require' && !socket.authorized;
      return isMissing ? 'no client certificate was shown' : undefined;
    }
    const refusal = socket.authorized ? undefined : String(socket.authorizationError);
    this.#events.judged(chain, refusal);
    if (refusal !== undefined) return `the client certificate is not trusted: ${refusal}`;
    if (this.#withdrawn !== undefined && !isStillTrusted(chain, this.#withdrawn)) {
      return 'the client certificate is trusted no more';
    }
    return checkPeerKeyStrength(chain, this.plan.settings);
  }

  get #asksForCertificates(): boolean {
    return (this.plan.settings.mutualAuthentication ?? 'none') !== 'none';
  }

  #remember(socket: TLSSocket): void {
    this.#authenticated.add(socket);
    socket.once('close', () => this.#authenticated.delete(socket));
  }
}

/** The connection is being thrown away. */
function ignore(): void {}
