/**
 * An agent in a process of its own, with an identity of its own, at the pace of tests. Argument: JSON of AgentOrder. Ends
 * when its input ends, so that it outlives nobody.
 */
import { readFileSync } from 'node:fs';
import { startAgent } from '#edge/agent';
import { parseKubeconfig, type ClientAccess } from '#edge/api';
import { quickPace } from '../agent/agent-fixture.ts';
import type { AgentOrder } from './agents.ts';

const { kubeconfig, stateDirectory, workloads, route } = JSON.parse(process.argv[2] ?? '') as AgentOrder;

process.stdin.resume().once('end', () => process.exit(0));

const access = (): ClientAccess => ({ ...parseKubeconfig(readFileSync(kubeconfig, 'utf8'), kubeconfig), ...route });
const log = (fields: object, message: string): void =>
  void process.stderr.write(`${new Date().toISOString()} ${message} ${JSON.stringify(fields)}\n`);
await startAgent({ access, workloads, stateDirectory, log: { info: log, warn: log }, pace: quickPace });
process.stdout.write('ready\n');
