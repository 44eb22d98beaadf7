/** A process with agents as they are, which look after servers that notice their files by themselves and that nobody probes. */
import { startAgent } from '#edge/agent';
import type { AgentOrders } from './orders.ts';

const atOnce = 16;

process.once('message', ({ access, namespace, folder, agents }: AgentOrders) => {
  const left = [...agents.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, posts] = next;
      await startAgent({
        access: () => access,
        workloads: posts.map(({ workload, instance }) => ({ namespace, name: workload, instance })),
        stateDirectory: `${folder}/${index}`,
        log: { info: () => undefined, warn: (fields, text) => console.error(text, fields) },
        pace: { sessionSeconds: 1 },
      });
    }
  };
  void Promise.all(Array.from({ length: atOnce }, lane)).then(() => process.send!('started'));
});
process.once('disconnect', () => process.exit());
