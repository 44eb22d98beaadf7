import type { ExpiryList } from '#model/expiry';
import type { KindRegistry } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { DeletionGuard } from './deletion-guard.ts';
import type { TokenEntry } from './identity/tokens.ts';

/** PEM texts. `clientCA` anchors client certificates; CN is the user, each O a group. */
export interface TLSMaterial {
  readonly key: string;
  readonly cert: string;
  readonly clientCA: string;
}

/** The part of a pino logger that the server uses. */
export interface ServerLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One answered request, without bodies and without credentials. */
export interface AuditEntry {
  readonly user: string;
  /** Kubernetes' verb; the method in lower case where there is none. */
  readonly verb: string;
  /** `certificates.cert-manager.io`, `secrets`; empty when the path names no kind that is served. */
  readonly resource: string;
  /** Path without the query. */
  readonly path: string;
  readonly code: number;
  readonly durationMilliseconds: number;
  readonly remoteAddress: string;
}

/** Bounds on what one client may ask for. */
export interface ServerLimits {
  readonly bodyBytes: number;
  /** Of all request bodies that are under way at the same time. */
  readonly allBodiesBytes: number;
  /** YAML costs far more time than JSON. */
  readonly yamlBytes: number;
  readonly nesting: number;
  readonly headersTimeoutMilliseconds: number;
  readonly requestTimeoutMilliseconds: number;
  /** Longer than the 90 s for which Go's client keeps an idle connection, so that the client is the one to close it. */
  readonly keepAliveMilliseconds: number;
  /** An empty line on a silent watch, so that clients and proxies see that it lives. */
  readonly heartbeatMilliseconds: number;
  /** A connection on which nothing moves for so long, in the middle of an answer, is cut off. */
  readonly stalledAnswerMilliseconds: number;
  /** A watcher that takes nothing for so long is cut off. */
  readonly stalledWatchMilliseconds: number;
  /** A watch that names no time ends after a random one between this and its double. */
  readonly watchSeconds: number;
  readonly openWatches: number;
}

export const defaultLimits: ServerLimits = {
  bodyBytes: 3 * 1024 * 1024,
  allBodiesBytes: 256 * 1024 * 1024,
  yamlBytes: 512 * 1024,
  nesting: 100,
  headersTimeoutMilliseconds: 10_000,
  requestTimeoutMilliseconds: 30_000,
  keepAliveMilliseconds: 100_000,
  heartbeatMilliseconds: 15_000,
  stalledAnswerMilliseconds: 120_000,
  stalledWatchMilliseconds: 30_000,
  watchSeconds: 1800,
  openWatches: 20_000,
};

/** What the server tells of certificates that expire. */
export interface ExpirySource {
  /** The certificates of all places that end before an instant, the most urgent first. */
  list(query: { readonly until: Date; readonly limit: number }): Promise<ExpiryList>;
  /** SHA-256, hexadecimal, of the token in the address of the calendar; left out: there is no such address. */
  readonly calendarTokenSHA256?: string;
}

/** One object, or a part of it, and what an agent wants of it. */
export interface AgentAction {
  readonly verb: 'get' | 'list' | 'watch' | 'patch' | 'delete';
  readonly group: string;
  readonly plural: string;
  readonly subresource?: string;
  readonly namespace: string;
  readonly name: string;
}

/** Agents beside servers: what each may see, and how they come by their certificates. Signing is not the server's. */
export interface AgentSource {
  /** Whether one of the agent's Workloads refers to the object, or the object is what one of its instances has. */
  permits(agent: string, action: AgentAction): Promise<boolean>;
  /** The certificate chain, PEM, for the key of a request, for a one-time token. Fails with unauthorized. */
  enrol(token: string, requestPEM: string): Promise<string>;
  /** The same for an agent that has a certificate already. */
  renew(agent: string, requestPEM: string): Promise<string>;
}

export interface ServerOptions {
  readonly store: ResourceStore;
  readonly registry: KindRegistry;
  readonly tls: TLSMaterial;
  readonly tokens: readonly TokenEntry[];
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly logger: ServerLogger;
  /** What `/metrics` says besides the server's own counts, in Prometheus' text format. */
  metrics(): Promise<string>;
  now(): Date;
  /** Version of Chancery, told to identified clients only. */
  readonly version: string;
  /** Whether `/readyz` says ok; default always. */
  ready?(): boolean;
  audit?(entry: AuditEntry): void;
  /** Default: nothing is told, and its paths are not found. */
  readonly expiry?: ExpirySource;
  /** Default: there are no agents. */
  readonly agents?: AgentSource;
  /** Whether an object may be deleted; default: everything may. */
  readonly deletionGuard?: DeletionGuard;
  readonly limits?: Partial<ServerLimits>;
}
