import type { ClientAccess } from '#edge/api';
import type { Clock } from '#control/runtime';
import type { GatewayLimits } from '../limits.ts';
import type { GatewayLog } from '../gateway.ts';

export type NodeLog = GatewayLog;

/** One object by its place. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** How often and how many at a time a node proves what it has loaded. */
export interface ProofPace {
  readonly dialsAtOnce: number;
  readonly timeoutMilliseconds: number;
  /** Backends change by themselves, so what was proven is proven again after this time; own listeners do not. */
  readonly upstreamsAgainMilliseconds: number;
  readonly listenersAgainMilliseconds: number;
  /** After a failure; doubles up to the longest. */
  readonly retryMilliseconds: number;
  readonly longestRetryMilliseconds: number;
}

export interface GatewayNodeOptions {
  /** How to reach the API. Asked again when the API refuses the node, because files of identities are renewed. */
  readonly access: () => ClientAccess;
  /** The Gateway that the node serves. */
  readonly gateway: Place;
  /** Name of the node's GatewayNode, in the gateway's namespace. */
  readonly node: string;
  /** Version of Chancery, for the GatewayNode. */
  readonly version: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Where the snapshot lies; without it a restart needs the control plane. */
  readonly stateDirectory?: string;
  readonly limits?: Partial<GatewayLimits>;
  readonly proof?: Partial<ProofPace>;
  readonly log: NodeLog;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Spreads retries; default Math.random. */
  readonly random?: () => number;
}

export const defaultProofPace: ProofPace = {
  dialsAtOnce: 8,
  timeoutMilliseconds: 5_000,
  upstreamsAgainMilliseconds: 300_000,
  listenersAgainMilliseconds: 3_600_000,
  retryMilliseconds: 500,
  longestRetryMilliseconds: 60_000,
};
