import { mkdir } from 'node:fs/promises';
import { systemClock } from '#control/runtime';
import { Connection } from '#edge/following';
import { defaultAgentPace, type AgentOptions } from './agent-options.ts';
import { WorkloadRunner } from './running/workload-runner.ts';

/** An agent at work. */
export interface Agent {
  /** Ends after what is under way; what is known is reported and on the disk then. */
  stop(): Promise<void>;
}

/** Looks after instances of Workloads on this machine. An API that does not answer is waited for. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { access, workloads, stateDirectory, log, clock = systemClock, random = Math.random } = options;
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const connection = new Connection(access);
  const pace = { ...defaultAgentPace, ...options.pace };
  const shared = { stateDirectory, connection, clock, random, pace, log };
  const runners = await Promise.all(workloads.map((place) => WorkloadRunner.start({ ...shared, place })));
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
      connection.close();
    },
  };
}
