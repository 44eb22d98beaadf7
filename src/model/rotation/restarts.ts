import { hasReached } from './acks.ts';
import type { AckRule } from './acks.ts';
import { wantedBy } from './guards/reached.ts';
import { isSettled } from './settled.ts';
import type { InstanceState } from './snapshot.ts';
import type { Holder, RotationView } from './view.ts';

/** Restarts of instances that load new material in no other way. */
export interface Restarts {
  readonly instances: readonly InstanceState[];
  /** Workloads whose restarts took longer than the window. */
  readonly late: readonly string[];
  /** When the first window of those under way closes. */
  readonly until?: Date | undefined;
}

/** Time between the first restart of a workload and the last proof, unless the Rotation says otherwise. */
export const usualRestartWindowSeconds = 300;

/** Of each workload the next one, by site and name, when all that were restarted before have shown what they loaded. */
export function nextRestarts(view: RotationView, acks: readonly AckRule[]): Restarts {
  const behind = behindIn(view, acks);
  const workloads = Map.groupBy(behind, ({ workload }) => workload);
  const windows = [...workloads.keys()].map((workload) => ({ workload, closes: windowOf(view, workload) }));
  const running = windows.filter(({ closes }) => closes !== undefined);
  return {
    instances: [...workloads.values()].flatMap((instances) => firstOf(view, instances)),
    late: running.filter(({ closes }) => closes! <= view.snapshot.now).map(({ workload }) => workload),
    ...(running.length === 0 ? {} : { until: running.map(({ closes }) => closes!).toSorted(byTime)[0] }),
  };
}

const byTime = (a: Date, b: Date): number => a.getTime() - b.getTime();

/** Instances that would have what is wanted after a restart, and have not shown it. */
function behindIn(view: RotationView, acks: readonly AckRule[]): InstanceState[] {
  const holders = [...view.trusts, ...view.identities].filter(({ instance }) => instance.restarts === true);
  const byInstance = Map.groupBy(holders, ({ instance }) => instance);
  return [...byInstance]
    .filter(([, held]) => held.every((holder) => isPersisted(view, holder, acks)))
    .filter(([, held]) => held.some((holder) => !isSettled(view, holder, acks)))
    .map(([instance]) => instance);
}

function isPersisted(view: RotationView, holder: Holder, acks: readonly AckRule[]): boolean {
  return hasReached(holder, 'persisted', wantedBy(view, holder), acks);
}

function firstOf(view: RotationView, behind: readonly InstanceState[]): InstanceState[] {
  const { generation } = view.snapshot.progress;
  if (behind.some(({ asked }) => asked?.restart?.generation === generation)) return [];
  const order = behind.toSorted((a, b) => compare(a.site ?? '', b.site ?? '') || compare(a.name, b.name));
  return order.slice(0, 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** When the window of the workload closes; undefined before its first restart in this generation. */
function windowOf({ snapshot }: RotationView, workload: string): Date | undefined {
  const { progress, wish, instances } = snapshot;
  const asked = instances
    .filter((instance) => instance.workload === workload && instance.asked?.restart?.generation === progress.generation)
    .map((instance) => instance.asked!.restart!.at);
  const seconds = wish.restartWindowSeconds ?? usualRestartWindowSeconds;
  return asked.length === 0 ? undefined : new Date(asked.toSorted(byTime)[0]!.getTime() + seconds * 1000);
}
