import { conditionOf } from '#model/objects';
import type { GatewayNode } from '#model/resources';
import type { LoopChange } from '../context.ts';

const told = ['Ready', 'Synced', 'Proven'] as const;

/** Whether a node came, went, or stands differently; most of what it writes is a sign of life. */
export function saysSomethingNew({ type, object, previous }: LoopChange<GatewayNode>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  return told.some((condition) => {
    const [before, after] = [previous, object].map(({ status }) => conditionOf(status?.conditions, condition)?.status);
    return before !== after;
  });
}
