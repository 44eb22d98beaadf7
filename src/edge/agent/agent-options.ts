import type { Clock } from '#control/runtime';
import type { ClientAccess } from '#edge/api';

/** Where an agent reports; a pino logger fits. */
export interface AgentLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** One instance of one Workload that the agent looks after. */
export interface AgentPlace {
  readonly namespace: string;
  readonly name: string;
  /** Entry of `spec.instances`, or a name by which it joins. */
  readonly instance: string;
}

/** How often the agent looks again at what it has. */
export interface AgentPace {
  /** One handshake, and one look at a server. */
  readonly probeTimeoutMilliseconds: number;
  /** What was proven is proven again after this time. */
  readonly againMilliseconds: number;
  /** What was not is tried again after this time; doubles up to the longest. */
  readonly retryMilliseconds: number;
  readonly longestRetryMilliseconds: number;
  /** What is refused is delivered again after this time; doubles up to twenty times that. */
  readonly deliverAgainMilliseconds: number;
  /** How long sessions live that nobody could look at. */
  readonly sessionSeconds: number;
}

export const defaultAgentPace: AgentPace = {
  probeTimeoutMilliseconds: 5_000,
  againMilliseconds: 60_000,
  retryMilliseconds: 250,
  longestRetryMilliseconds: 15_000,
  deliverAgainMilliseconds: 30_000,
  sessionSeconds: 300,
};

export interface AgentOptions {
  /** How to reach the API. Asked again when the API refuses the agent, because identities are renewed. */
  readonly access: () => ClientAccess;
  readonly workloads: readonly AgentPlace[];
  readonly stateDirectory: string;
  readonly log: AgentLog;
  readonly pace?: Partial<AgentPace>;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Spreads retries; default Math.random. */
  readonly random?: () => number;
}
