import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClientAccess } from '#edge/api';
import type { ControlPlane } from '../../test/installation/control-plane.ts';
import { processUsage } from '../process-usage.ts';
import type { AgentOrders } from './agents/orders.ts';
import type { Estate } from './estate.ts';
import type { Post } from './fleet/messages.ts';
import { namespace } from './names.ts';

const program = fileURLToPath(new URL('./agents/agents-process.ts', import.meta.url));
const processes = 2;
const looksAfter = 10;
/** Agents prove everything again each minute. */
const seconds = 60;

export interface IdleFigures {
  readonly agents: number;
  readonly openWatches: number;
  readonly controlPlaneCpuPercent: number;
  readonly controlPlaneMiBBefore: number;
  readonly controlPlaneMiB: number;
  readonly oneAgentWorkloads: number;
  readonly oneAgentCpuPercent: number;
  readonly oneAgentMiB: number;
}

/** What it costs that many agents look after one instance each, and one agent after several, while nothing changes. */
export async function measureIdle(
  estate: Estate,
  { pid }: ControlPlane,
  access: ClientAccess,
  folder: string,
): Promise<IdleFigures> {
  const posts = estate.posts;
  const controlPlaneMiBBefore = processUsage(pid).residentMiB;
  const one = await measureOne(access, `${folder}/one`, severalWorkloads(posts));
  const parts = Array.from({ length: processes }, (_, index) => posts.filter((_post, at) => at % processes === index));
  const children = await Promise.all(
    parts.map((part, index) =>
      start({ access, namespace, folder: `${folder}/${index}`, agents: part.map((post) => [post]) }),
    ),
  );
  await estate.untilProven(1000);
  await delay(10_000);
  const { share, residentMiB } = await usageOf(pid);
  const openWatches = await readMetric(estate, 'chancery_api_open_watches');
  for (const child of children) child.kill('SIGKILL');
  return {
    agents: posts.length,
    openWatches,
    controlPlaneCpuPercent: share,
    controlPlaneMiBBefore: Math.round(controlPlaneMiBBefore),
    controlPlaneMiB: residentMiB,
    oneAgentWorkloads: looksAfter,
    oneAgentCpuPercent: one.share,
    oneAgentMiB: one.residentMiB,
  };
}

async function measureOne(
  access: ClientAccess,
  folder: string,
  posts: Post[],
): Promise<{ share: number; residentMiB: number }> {
  const child = await start({ access, namespace, folder, agents: [posts] });
  await delay(15_000);
  const usage = await usageOf(child.pid!);
  child.kill('SIGKILL');
  return usage;
}

/** CPU time as a percentage of one core, and memory. */
async function usageOf(pid: number): Promise<{ share: number; residentMiB: number }> {
  const before = processUsage(pid);
  await delay(seconds * 1000);
  const after = processUsage(pid);
  const share = ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100;
  return { share: Number(share.toFixed(2)), residentMiB: Math.round(after.residentMiB) };
}

async function start(orders: AgentOrders): Promise<ChildProcess> {
  const child = fork(program, { stdio: 'inherit' });
  child.send(orders);
  await once(child, 'message');
  return child;
}

/** The first instance of each of the first Workloads. */
function severalWorkloads(posts: readonly Post[]): Post[] {
  const [first] = posts;
  return posts.filter(({ instance }) => instance === first!.instance).slice(0, looksAfter);
}

async function readMetric({ client }: Estate, name: string): Promise<number> {
  const text = await client.text({ method: 'GET', path: '/metrics' });
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
