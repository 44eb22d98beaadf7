import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureIdentity, type AgentPlace } from '#edge/agent';
import type { ClientAccess } from '#edge/api';
import { endProcess } from '../installation/control-plane.ts';
import { namespace, type Member } from './estate.ts';

const program = fileURLToPath(new URL('./agent-process.ts', import.meta.url));
const chancery = fileURLToPath(new URL('../../bin/chancery.js', import.meta.url));

/** What an agent process is told. */
export interface AgentOrder {
  /** Its own, made by `enrol()`. */
  readonly kubeconfig: string;
  readonly stateDirectory: string;
  readonly workloads: readonly AgentPlace[];
  /** Another way to the API than its kubeconfig says. */
  readonly route?: Pick<ClientAccess, 'server' | 'serverName'>;
}

/** An identity for an agent that looks after the members: a token of the command line, exchanged as an agent does. */
export async function enrol(
  name: string,
  members: readonly Member[],
  folder: string,
  administrator: string,
  access: Pick<ClientAccess, 'server' | 'ca'>,
): Promise<AgentOrder> {
  const places = members.map((one) => ({ namespace, name: one.name, instance: one.instance }));
  const workloads = places.flatMap((one) => ['--workload', `${one.namespace}/${one.name}=${one.instance}`]);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [chancery, 'agent-token', 'create', name, ...workloads],
    {
      env: { ...process.env, CHANCERY_KUBECONFIG: administrator },
    },
  );
  const stateDirectory = join(folder, `agent-${name}`);
  const enrolment = { server: access.server, ca: access.ca, token: stdout.trim() };
  const kubeconfig = await ensureIdentity(stateDirectory, () => Promise.resolve(enrolment), new Date());
  return { kubeconfig, stateDirectory, workloads: places };
}

/** An agent that can be killed and started again on its state. */
export class AgentProcess {
  readonly name: string;
  readonly #order: AgentOrder;
  /** What the program is started below, such as a command that enters a network namespace. */
  readonly #below: readonly string[];
  #child: ChildProcess | undefined;
  said = '';

  constructor(name: string, order: AgentOrder, below: readonly string[] = []) {
    this.name = name;
    this.#order = order;
    this.#below = below;
  }

  get workloads(): readonly AgentPlace[] {
    return this.#order.workloads;
  }

  async start(): Promise<void> {
    const argv = [...this.#below, process.execPath, program, JSON.stringify(this.#order)];
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said = (this.said + text).slice(-4000)));
    const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(said)) throw new Error(`agent ${this.name} ended with ${String(said)}: ${this.said}`);
    child.stdout.resume();
  }

  async kill(): Promise<void> {
    if (this.#child !== undefined) await endProcess(this.#child, 'SIGKILL');
  }
}
