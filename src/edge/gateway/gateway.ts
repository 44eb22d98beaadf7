import type { ListenerPlan, RoutePlan } from '#model/gateways';
import type { GatewayLimits } from './limits.ts';

/** Where the data plane reports; a pino logger fits. */
export interface GatewayLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly limits?: Partial<GatewayLimits>;
  readonly log: GatewayLog;
}

/** An API for which nothing good was ever loaded: its callers are told so, instead of that there is no such API. */
export interface UnavailableRoute {
  /** `ns/name`. */
  readonly api: string;
  readonly basePath: string;
  /** For the log and the caller; names objects, holds no material. */
  readonly message: string;
}

/**
 * What to load, host by host and API by API; whatever is not named stays as it is. A host or an API that is already
 * loaded is replaced, unless its digest is the same.
 */
export interface GatewayChange {
  readonly listeners?: readonly ListenerPlan[];
  /** Hosts that are served no longer. Open connections go on, but for those that rest on a client certificate. */
  readonly removedHosts?: readonly string[];
  readonly routes?: readonly RoutePlan[];
  readonly unavailable?: readonly UnavailableRoute[];
  /** `ns/name` of APIs that are served no longer. */
  readonly removedAPIs?: readonly string[];
}

/** A part of a change that the TLS engine would not take; what was loaded before still serves. */
export interface RefusedPart {
  readonly subject: { readonly host: string } | { readonly api: string };
  /** Node's or OpenSSL's code where it gave one. */
  readonly code: string;
  readonly message: string;
}

/** Counters since the gateway was opened, and what is open now. */
export interface GatewayStats {
  readonly connections: number;
  readonly handshakes: number;
  readonly handshakesResumed: number;
  readonly handshakesFailed: number;
  readonly requests: number;
  readonly requestsInFlight: number;
  /** By the stable code that callers were told. */
  readonly failures: Readonly<Record<string, number>>;
  readonly hosts: number;
  readonly hostsReady: number;
  readonly upstreams: number;
}

/** An open data plane. */
export interface Gateway {
  readonly address: { readonly host: string; readonly port: number };
  /** Loads a change: when it returns, the next handshake and the next request go by it. Never throws for bad material. */
  apply(change: GatewayChange): readonly RefusedPart[];
  stats(): GatewayStats;
  /** Whether something that began under an earlier plan of the host, or of the way to the endpoint, still runs. */
  hasFormer(part: { readonly host: string } | { readonly endpoint: string }): boolean;
  /** Whoever had a TLS session with a listener has none any more; open connections go on. */
  forgetSessions(): void;
  /**
   * Tells once what a listener makes of the client certificate with that SHA-256 (as Node writes it): OpenSSL's code for
   * why it is not trusted, undefined when it is. Answers how to ask no more.
   */
  witness(fingerprint256: string, tell: (refusal: string | undefined) => void): () => void;
  /** Takes no new connection, lets what runs end, and cuts off after `milliseconds` what has not. */
  drain(milliseconds: number): Promise<void>;
  /** Ends everything at once. */
  close(): Promise<void>;
}
