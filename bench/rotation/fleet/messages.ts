import type { ClientAccess } from '#edge/api';

/** One instance that a fleet process plays. */
export interface Post {
  readonly workload: string;
  readonly instance: string;
}

/** A declared connection: who calls with which certificate, and the host that it calls. */
export interface Call {
  readonly caller: Post;
  readonly presents: string;
  readonly host: string;
}

export interface FleetOrders {
  readonly access: ClientAccess;
  readonly namespace: string;
  readonly posts: readonly Post[];
  /** Handshakes that are made all the time, and how many of them each second. */
  readonly calls: readonly Call[];
  readonly callsPerSecond: number;
  readonly latencyMilliseconds: number;
}

export type ToFleet =
  | { readonly do: 'start'; readonly orders: FleetOrders }
  | { readonly do: 'latency'; readonly milliseconds: number }
  | { readonly do: 'tally' }
  | { readonly do: 'stop' };

/** When each instance reached something of one set of trust; milliseconds since the epoch. */
export interface TrustTimes {
  readonly delivered: readonly number[];
  readonly proven: readonly number[];
}

export interface Tally {
  /** Background handshakes. */
  readonly made: number;
  readonly failed: number;
  /** Of those that failed, how many ended how. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Proofs of certificates, and of sets of trust. */
  readonly identityProofs: number;
  readonly trustProofs: number;
  readonly failedProofs: number;
  readonly lastIdentityProof: number;
  /** Entries written into the status of Workloads. */
  readonly reports: number;
  /** By the digest of the set. */
  readonly trust: Readonly<Record<string, TrustTimes>>;
}

export type FromFleet =
  { readonly said: 'started' } | { readonly said: 'stopped' } | { readonly said: 'tally'; readonly tally: Tally };
