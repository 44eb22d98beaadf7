import type { X509Certificate } from 'node:crypto';
import { connect as connectTCP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTLS } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import { checkPeerKeyStrength, nodeClientOptions } from '#tls/profiles';
import { classifyBackendError } from '../failures/classify.ts';
import type { BackendFailure, Stage } from '../failures/classify.ts';
import { shownChain } from '../trust/shown-chain.ts';
import { clientContext, contextWithoutTrust } from './client-context.ts';
import { checkName } from './check-name.ts';
import { expiredRefusal } from './expired-allowed.ts';

export interface DialOptions {
  /** For the connection and the handshake together. */
  readonly timeoutMilliseconds: number;
  /** Verify against no anchor at all: a proof that acceptance rests on trust must be refused so. */
  readonly trustNothing?: boolean;
  /** Offer no other protocol than HTTP/1.1, which alone can be upgraded to WebSocket here. */
  readonly onlyHTTP1?: boolean;
}

/** A connection that stands and is verified as the plan says, or why there is none. */
export type Dialled =
  | { readonly ok: true; readonly socket: Socket; readonly shown: readonly X509Certificate[] }
  | { readonly ok: false; readonly failure: BackendFailure; readonly shown: readonly X509Certificate[] };

/**
 * Connects as the plan says, with a full handshake: a session is never resumed, because Node verifies nothing of a
 * resumed server. `shown` is what the backend presented, also when that was refused. Never throws.
 */
export function dial(plan: UpstreamPlan, options: DialOptions, done: (dialled: Dialled) => void): Socket | undefined {
  try {
    return new Dialling(plan, options, done).socket;
  } catch (error) {
    done({ ok: false, failure: classifyBackendError(error as Error, 'handshaking'), shown: [] });
    return undefined;
  }
}

class Dialling {
  readonly socket: Socket;
  readonly #plan: UpstreamPlan;
  readonly #done: (dialled: Dialled) => void;
  readonly #timer: NodeJS.Timeout;
  #stage: Stage = 'connecting';
  #shown: readonly X509Certificate[] = [];
  #settled = false;

  constructor(plan: UpstreamPlan, options: DialOptions, done: (dialled: Dialled) => void) {
    this.#plan = plan;
    this.#done = done;
    this.socket = plan.secure ? this.#connectTLS(options) : this.#connectTCP();
    this.socket.setNoDelay(true);
    this.socket.once('error', this.#fail);
    this.socket.once('close', this.#closed);
    this.#timer = setTimeout(this.#late, options.timeoutMilliseconds);
  }

  #connectTCP(): Socket {
    const { host, port } = this.#plan;
    return connectTCP({ host, port }, this.#succeed);
  }

  #connectTLS(options: DialOptions): TLSSocket {
    const socket = connectTLS(tlsOptions(this.#plan, options));
    socket.once('connect', () => (this.#stage = 'handshaking'));
    // Before Node judges what was shown and lets go of it.
    socket.prependOnceListener('secure', () => (this.#shown = shownChain(socket)));
    socket.once('secureConnect', () => this.#judge(socket, options));
    return socket;
  }

  #judge(socket: TLSSocket, options: DialOptions): void {
    const refusal = this.#refusal(socket, options);
    if (refusal === undefined) this.#succeed();
    else this.socket.destroy(refusal);
  }

  /** What Node has not looked at by itself. */
  #refusal(socket: TLSSocket, options: DialOptions): Error | undefined {
    const { settings } = this.#plan;
    if (settings.insecureServerConnections === true) return undefined;
    const refusal = mayExcuse(this.#plan, options) ? expiredRefusal(socket, this.#plan, this.#shown) : undefined;
    if (refusal !== undefined) return refusal;
    const weakness = checkPeerKeyStrength(this.#shown, settings);
    return weakness === undefined ? undefined : Object.assign(new Error(weakness), { code: 'WEAK_KEY' });
  }

  readonly #succeed = (): void => {
    this.#settle({ ok: true, socket: this.socket, shown: this.#shown });
  };

  readonly #fail = (error: Error): void => {
    this.#settle({ ok: false, failure: classifyBackendError(error, this.#stage), shown: this.#shown });
  };

  readonly #late = (): void => {
    const doing = this.#stage === 'connecting' ? 'connection' : 'TLS handshake';
    this.socket.destroy(Object.assign(new Error(`the ${doing} took too long`), { code: 'ETIMEDOUT' }));
  };

  readonly #closed = (): void => {
    this.#fail(Object.assign(new Error('the backend closed the connection'), { code: 'ECONNRESET' }));
  };

  #settle(dialled: Dialled): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.socket.off('error', this.#fail);
    this.socket.off('close', this.#closed);
    if (!dialled.ok) this.socket.on('error', ignore);
    this.#done(dialled);
  }
}

/** What comes after the first error of a socket adds nothing. */
function ignore(): void {}

function tlsOptions(plan: UpstreamPlan, options: DialOptions): ConnectionOptions {
  const { ALPNProtocols, rejectUnauthorized } = nodeClientOptions(plan.settings);
  return {
    host: plan.host,
    port: plan.port,
    ...(plan.serverName !== undefined && { servername: plan.serverName }),
    secureContext: options.trustNothing === true ? contextWithoutTrust(plan) : clientContext(plan),
    ALPNProtocols: options.onlyHTTP1 === true ? ['http/1.1'] : ALPNProtocols,
    rejectUnauthorized: rejectUnauthorized && !mayExcuse(plan, options),
    checkServerIdentity: (_name, certificate) => checkName(plan.host, certificate),
  };
}

/** Then Node does not refuse by itself, and what it found is judged here. */
function mayExcuse({ expiredAllowed }: UpstreamPlan, { trustNothing }: DialOptions): boolean {
  return expiredAllowed.length > 0 && trustNothing !== true;
}
