import { ackRules } from './acks.ts';
import type { AckRule } from './acks.ts';
import { end, enter } from './entering.ts';
import { emergencyTransitions, stagedTransitions } from './guards.ts';
import type { Transition } from './guards.ts';
import { gatesOf, waitFor } from './progress.ts';
import type { Gates } from './progress.ts';
import { nextRestarts } from './restarts.ts';
import type { RotationProgress, RotationSnapshot } from './snapshot.ts';
import { canRollBack } from './stage.ts';
import type { RotationStage } from './stage.ts';
import type { Act, RotationAction, RotationStep, Wait, WriteStatus } from './step.ts';
import { leaveSuperseded } from './superseded.ts';
import type { RotationView } from './view.ts';
import { viewOf } from './view.ts';
import { lastWork, stageWork } from './work.ts';
import type { Work } from './work.ts';

/** What the machine goes by; a test takes rules away. */
export interface RotationRules {
  readonly staged: readonly Transition[];
  readonly emergency: readonly Transition[];
  readonly acks: readonly AckRule[];
  /** A rotation ends when a third CA signs; see `leaveSuperseded()`. */
  readonly leavesSuperseded: boolean;
}

export const rotationRules: RotationRules = {
  staged: stagedTransitions,
  emergency: emergencyTransitions,
  acks: ackRules,
  leavesSuperseded: true,
};

/**
 * What to do next about a rotation: change its status, do something, or wait. A stage is written before anything of it
 * is done; who was killed in between asks again and gets the same answer. Whoever does an action checks `isCurrent()` in
 * the same write, so that nothing decided in an earlier stage is done in a later one.
 */
export function nextRotationStep(snapshot: RotationSnapshot, rules: RotationRules = rotationRules): RotationStep {
  const { progress, wish } = snapshot;
  if (progress.result !== undefined) return idle('done');
  if (wish.paused === true) return idle('paused');
  const view = viewOf(snapshot);
  const ended = rules.leavesSuperseded ? leaveSuperseded(view) : undefined;
  return ended ?? turnBack(view, rules) ?? recordNext(view) ?? goOn(view, rules);
}

/** Whether a decided action may still be done: the stage it was decided in is the stage that is. */
export function isCurrent({ generation }: Act, progress: RotationProgress): boolean {
  return generation === progress.generation;
}

function idle(reason: 'done' | 'paused'): Wait {
  return { do: 'wait', reason, gates: [], blocking: [], blockingTotal: 0 };
}

/** Back when asked to, and when restarts took longer than their window, as long as there is a way back. */
function turnBack(view: RotationView, { acks }: RotationRules): WriteStatus | undefined {
  const { wish, progress } = view.snapshot;
  if (wish.emergency === true || !canRollBack(progress.stage)) return undefined;
  if (wish.rollback === true) return enter(view, 'Rollback', 'asked to roll back');
  const { late } = nextRestarts(view, acks);
  if (late.length === 0) return undefined;
  return enter(view, 'Rollback', `restarts of ${late.join(', ')} took longer than their window`);
}

/** The next CA is written down once, before anything trusts it. */
function recordNext({ snapshot, next }: RotationView): WriteStatus | undefined {
  const { nextCA, progress } = snapshot;
  if (next !== undefined || nextCA === undefined || progress.stage === 'Stable') return undefined;
  return {
    do: 'write',
    change: { next: nextCA },
    why: `${nextCA.subject} shall follow ${snapshot.oldCA.subject}`,
    gates: [],
  };
}

function goOn(view: RotationView, rules: RotationRules): RotationStep {
  const { progress, wish } = view.snapshot;
  const transitions = wish.emergency === true ? rules.emergency : rules.staged;
  const transition = transitions.find(({ from }) => from === progress.stage);
  const gates = gatesOf(transition, view, rules.acks);
  if (gates.open) return actOn(view, rules, lastWork[progress.stage]) ?? advance(view, transition!.to, gates);
  return actOn(view, rules, stageWork[progress.stage]) ?? waitFor(gates, view, rules.acks);
}

function actOn(view: RotationView, { acks }: RotationRules, work: readonly Work[] = []): Act | undefined {
  const act = firstOf(work, view, acks);
  return act === undefined ? undefined : { do: 'act', generation: view.snapshot.progress.generation, act };
}

function firstOf(work: readonly Work[], view: RotationView, acks: readonly AckRule[]): RotationAction | undefined {
  for (const find of work) {
    const action = find(view, acks);
    if (action !== undefined) return action;
  }
  return undefined;
}

function advance(view: RotationView, to: RotationStage, { gates }: Gates): WriteStatus {
  const { stage } = view.snapshot.progress;
  if (to === 'Stable') {
    const result = stage === 'Withdraw' ? 'rolledBack' : 'succeeded';
    return { ...end(view, result, endings[result]), gates };
  }
  const why = stage === 'Stable' ? 'the rotation begins' : `every gate of ${stage} is open`;
  return { ...enter(view, to, why), gates };
}

const endings = {
  succeeded: 'the old CA is refused everywhere',
  rolledBack: 'the old CA signs again, the next is refused',
} as const;
