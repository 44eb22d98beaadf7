import { setTimeout as pause } from 'node:timers/promises';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { LoopChange, LoopContext } from '../context.ts';

const pageSize = 200;
const pauseMilliseconds = 20;
const mostPages = 50;

/**
 * After a restart that went on from its position, reads what the metrics need and no change told: slowly, in the
 * background, no further than there are series.
 */
export async function fillMetrics<T extends KubeObject>(
  { store, log }: LoopContext,
  kind: Kind<T>,
  onChange: (change: LoopChange<T>) => void,
  isStopped: () => boolean,
): Promise<void> {
  try {
    let next: string | undefined;
    for (let pages = 0; pages < mostPages && !isStopped(); pages += 1) {
      const page = await store.list({ kind }, { limit: pageSize, ...(next === undefined ? {} : { continue: next }) });
      for (const object of page.items) onChange({ kind: kind, type: 'ADDED', object, resync: true, own: false });
      next = page.continue;
      if (next === undefined) return;
      await pause(pauseMilliseconds, undefined, { ref: false });
    }
  } catch (error) {
    log.warn({ problem: String(error) }, 'the metrics start incomplete');
  }
}
