import type { Workload } from '#model/resources';
import type { Driver } from '../drivers/driver.ts';
import type { ProbedListener } from '../probing/targets.ts';
import type { ProcessRun } from '../reloading/process-facts.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { Delivery } from './delivery.ts';
import type { Levels } from './levels.ts';
import type { Wishes } from './wishes.ts';

/** What is known of one instance, shared by who brings, who proves and who reports. */
export interface Held {
  readonly levels: Levels;
  state: AgentState;
  /** What the API wants; undefined until it was seen in this run. */
  wishes: Wishes | undefined;
  /** The server as it ran when it was last looked at. */
  run: ProcessRun | undefined;
  /** The files that the server was told of last. */
  told: { readonly digest: string; readonly at: Date } | undefined;
}

/** The instance in one round: what is declared, and how it is reached. */
export interface Scene {
  readonly workload: Workload;
  readonly driver: Driver;
  readonly delivery: Delivery;
  readonly listeners: readonly ProbedListener[];
}

/** Whether the agent brings the material to the server. */
export const hasFile = ({ spec: { files = [] } }: Workload, name: string): boolean =>
  files.some(({ of }) => of === name);
