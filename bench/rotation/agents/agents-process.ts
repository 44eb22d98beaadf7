/** A process with agents as they are, which look after servers that notice their files by themselves and that nobody probes. */
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent } from '#edge/agent';
import type { AgentOrders } from './orders.ts';

/** Machines do not start all at the same moment. */
const pauseMilliseconds = 60;

process.once('message', (orders: AgentOrders) => {
  void start(orders).then(() => process.send!('started'));
});
process.once('disconnect', () => process.exit());

async function start({ access, namespace, folder, agents }: AgentOrders): Promise<void> {
  for (const [index, posts] of agents.entries()) {
    await startAgent({
      access: () => access,
      workloads: posts.map(({ workload, instance }) => ({ namespace, name: workload, instance })),
      stateDirectory: `${folder}/${index}`,
      log: { info: () => undefined, warn: (fields, text) => console.error(text, fields) },
      pace: { sessionSeconds: 1 },
    });
    await delay(pauseMilliseconds);
  }
}
