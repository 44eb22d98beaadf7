import { end } from './entering.ts';
import { canRollBack } from './stage.ts';
import type { RotationStage } from './stage.ts';
import type { RotationStep } from './step.ts';
import type { RotationView } from './view.ts';

/**
 * The end of a rotation whose CA somebody else has replaced: a third one signs, and neither way leads anywhere. As long as
 * both CAs are trusted nothing is lost by leaving it so; the next CA, if it has not signed yet, is destroyed first.
 * Undefined when the CA that signs is one of the two, and where trust was taken away already: then it goes on.
 */
export function leaveSuperseded(view: RotationView): RotationStep | undefined {
  const { wish, progress, signer } = view.snapshot;
  if (isOurs(view) || hasTakenAway(progress.stage, wish.emergency === true)) return undefined;
  if (signer.nextKept) return { do: 'act', generation: progress.generation, act: { action: 'deleteNext' } };
  return end(view, 'failed', superseded(view));
}

/** An emergency begins with what others end with. */
function hasTakenAway(stage: RotationStage, isEmergency: boolean): boolean {
  if (stage === 'Stable') return false;
  return isEmergency || !(canRollBack(stage) || stage === 'Rollback');
}

function isOurs({ snapshot: { signer, nextCA }, old, next }: RotationView): boolean {
  return [old, next ?? nextCA].some((ca) => ca?.fingerprint === signer.current);
}

function superseded({ snapshot: { signer }, old }: RotationView): string {
  const both = 'Nothing that is trusted was taken away';
  return (
    `somebody else has replaced ${old.subject}: the CA ${signer.current.slice(0, 12)} signs now, which is neither the old ` +
    `nor the next one of this rotation. ${both}; begin another rotation of the CA that signs now, or take out by ` +
    `spec.forget of the bundles what nobody presents any more.`
  );
}
