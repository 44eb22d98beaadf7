import { createHash } from 'node:crypto';
import { hasReached } from './acks.ts';
import type { AckRule } from './acks.ts';
import { wantedBy } from './guards/reached.ts';
import { isSettled } from './settled.ts';
import { canRollBack } from './stage.ts';
import type { InstanceState } from './snapshot.ts';
import type { RestartOf } from './step.ts';
import type { Holder, RotationView } from './view.ts';

/** Restarts of instances that load new material in no other way. */
export interface Restarts {
  readonly instances: readonly RestartOf[];
  /** Workloads whose restarts took longer than the window. */
  readonly late: readonly string[];
  /** When the first window of those under way closes. */
  readonly until?: Date | undefined;
}

/** How long the restarts of a workload may take, unless the Rotation says otherwise. */
export const usualRestartWindowSeconds = 300;

/** An instance with all that it shall have on its disk, which has not shown all of it. */
interface Behind {
  readonly instance: InstanceState;
  /** Stands for what it shall have: another key, another restart. */
  readonly key: string;
  /** When the last of it was written. */
  readonly since: Date;
}

/**
 * Of each workload the next one, by site and name, when all that were restarted before have shown what they loaded. Where
 * there is a way back, the first is not restarted before all sites can be: a site that is cut off until then costs time
 * and no window.
 */
export function nextRestarts(view: RotationView, acks: readonly AckRule[]): Restarts {
  const workloads = [...Map.groupBy(behindIn(view, acks), ({ instance }) => instance.workload).entries()];
  const windows = workloads.flatMap(([workload, behind]) =>
    behind.flatMap((one) => windowOf(view, one).map((closes) => ({ workload, closes }))),
  );
  const unready = unreadyIn(view, acks);
  const late = windows.filter(({ closes }) => closes <= view.snapshot.now);
  return {
    instances: workloads.flatMap(([workload, behind]) => (unready.has(workload) ? [] : firstOf(behind))),
    late: [...new Set(late.map(({ workload }) => workload))],
    ...(windows.length === 0 ? {} : { until: windows.map(({ closes }) => closes).toSorted(byTime)[0] }),
  };
}

const byTime = (a: Date, b: Date): number => a.getTime() - b.getTime();

function behindIn(view: RotationView, acks: readonly AckRule[]): Behind[] {
  const holders = [...view.trusts, ...view.identities].filter(({ instance }) => instance.restarts === true);
  return [...Map.groupBy(holders, ({ instance }) => instance)]
    .filter(([, held]) => held.every((holder) => hasReached(holder, 'persisted', wantedBy(view, holder), acks)))
    .filter(([, held]) => held.some((holder) => !isSettled(view, holder, acks)))
    .map(([instance, held]) => ({ instance, key: keyOf(view, held), since: lastWritten(held) }));
}

/** Workloads of which an instance would come back without what all shall have. */
function unreadyIn(view: RotationView, acks: readonly AckRule[]): ReadonlySet<string> {
  const { wish, progress } = view.snapshot;
  if (wish.emergency === true || !canRollBack(progress.stage)) return new Set();
  const lagging = [...view.trusts, ...view.identities].filter(
    (holder) =>
      holder.instance.restarts === true &&
      holder.instance.external !== true &&
      !hasReached(holder, 'persisted', wantedBy(view, holder), acks),
  );
  return new Set(lagging.map(({ instance }) => instance.workload));
}

function keyOf(view: RotationView, held: readonly Holder[]): string {
  const texts = held.map((holder) => `${holder.material.of}@${wantedBy(view, holder).generation}`);
  return createHash('sha256')
    .update(texts.toSorted((a, b) => compare(a, b)).join('\n'))
    .digest('hex')
    .slice(0, 16);
}

function lastWritten(held: readonly Holder[]): Date {
  return held
    .map(({ material }) => material.acks.persisted!.at)
    .toSorted(byTime)
    .at(-1)!;
}

function firstOf(behind: readonly Behind[]): RestartOf[] {
  if (behind.some(({ instance, key }) => instance.asked?.restart?.key === key)) return [];
  const order = behind.toSorted(
    ({ instance: a }, { instance: b }) => compare(a.site ?? '', b.site ?? '') || compare(a.name, b.name),
  );
  return order.slice(0, 1).map(({ instance: { workload, name }, key }) => ({ workload, instance: name, key }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * When an instance must have shown what it shall have: the window begins with the first restart of its workload in this
 * stage, or when the last of it was written. None before that.
 */
function windowOf({ snapshot: { progress, wish, instances } }: RotationView, { instance, since }: Behind): Date[] {
  const asked = instances
    .filter(({ workload }) => workload === instance.workload)
    .flatMap((other) => (other.asked?.restart === undefined ? [] : [other.asked.restart.at]))
    .filter((at) => at >= (progress.stageSince ?? at));
  if (asked.length === 0) return [];
  const seconds = wish.restartWindowSeconds ?? usualRestartWindowSeconds;
  const begins = Math.max(asked.toSorted(byTime)[0]!.getTime(), since.getTime());
  return [new Date(begins + seconds * 1000)];
}
