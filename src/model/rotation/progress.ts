import { ackRules } from './acks.ts';
import type { AckRule } from './acks.ts';
import type { Transition } from './guards.ts';
import { longestBlocking } from './guards/guard.ts';
import { issuingFrom, spreadOf } from './work.ts';
import { nextRestarts } from './restarts.ts';
import { isSettled } from './settled.ts';
import type { RotationSnapshot } from './snapshot.ts';
import type { Blocking, Gate, Wait } from './step.ts';
import type { RotationView } from './view.ts';
import { viewOf } from './view.ts';
import { nextWave } from './waves.ts';

/** What a transition waits for. */
export interface Gates {
  readonly gates: readonly Gate[];
  readonly blocking: readonly Blocking[];
  readonly blockingTotal: number;
  readonly open: boolean;
}

export function gatesOf(transition: Transition | undefined, view: RotationView, acks: readonly AckRule[]): Gates {
  const checked = (transition?.guards ?? []).map((guard) => ({ guard, verdict: guard.check(view, acks) }));
  const gates = checked.map(({ guard: { name, why }, verdict: { open, evidence } }) => ({ name, why, open, evidence }));
  return {
    gates,
    blocking: checked.flatMap(({ verdict }) => verdict.blocking).slice(0, longestBlocking),
    blockingTotal: checked.reduce((total, { verdict }) => total + verdict.blockingTotal, 0),
    open: transition !== undefined && gates.every(({ open }) => open),
  };
}

export function waitFor({ gates, blocking, blockingTotal }: Gates, view: RotationView, acks: readonly AckRule[]): Wait {
  const until = nextInstant(view, acks);
  return {
    do: 'wait',
    reason: 'gates',
    gates,
    blocking,
    blockingTotal,
    ...(until === undefined ? {} : { until }),
  };
}

/** The next share of the spread, or the end of a restart window. */
function nextInstant(view: RotationView, acks: readonly AckRule[]): Date | undefined {
  const target = issuingFrom(view);
  const wave = target === undefined ? undefined : nextWave(view, target, acks, spreadOf(view)).until;
  const instants = [wave, nextRestarts(view, acks).until].filter((one) => one !== undefined);
  return instants.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

/** Numbers of leaves of a rotation. */
export interface LeafCounts {
  readonly total: number;
  /** Those from the CA that they shall come from. */
  readonly issued: number;
  /** Those of which every instance that presents them has shown it. */
  readonly proven: number;
  /** Those that no Workload presents: of them nothing can be proven. */
  readonly undeclared: number;
}

/** How far the leaves of a rotation are. */
export function leafCounts(snapshot: RotationSnapshot): LeafCounts {
  const view = viewOf(snapshot);
  const { stage } = snapshot.progress;
  const target = stage === 'Rollback' || stage === 'Withdraw' ? view.old : view.next;
  const issued = snapshot.leaves.filter(({ issuedFrom, ready }) => ready && issuedFrom === target?.fingerprint);
  const declared = snapshot.leaves.filter(({ place }) => view.holdersOf.has(place));
  const proven = issued.filter(({ place }) =>
    view.holdersOf.get(place)?.every((holder) => isSettled(view, holder, ackRules)),
  );
  const total = snapshot.leaves.length;
  return { total, issued: issued.length, proven: proven.length, undeclared: total - declared.length };
}
