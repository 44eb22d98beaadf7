import type { RotationProgress } from './snapshot.ts';
import type { RotationStage } from './stage.ts';
import type { WriteStatus } from './step.ts';
import type { RotationView } from './view.ts';

/** The write by which a stage is entered. */
export function enter(
  { snapshot: { progress, now, oldCA } }: RotationView,
  stage: RotationStage,
  why: string,
): WriteStatus {
  const generation = progress.generation + 1;
  const change: Partial<RotationProgress> = {
    stage,
    generation,
    stageSince: now,
    history: [...progress.history, { stage, generation, at: now }],
    ...(progress.stage === 'Stable' ? { old: oldCA, startedTime: now } : {}),
    ...(stage === 'Rollback' ? { message: why } : {}),
  };
  return { do: 'write', change, why: `${stage}: ${why}`, gates: [] };
}

/** The write that ends a rotation; of one that failed `why` is kept. */
export function end(view: RotationView, result: NonNullable<RotationProgress['result']>, why: string): WriteStatus {
  const { change } = enter(view, 'Stable', result);
  const message = result === 'failed' ? { message: why } : {};
  return { do: 'write', change: { ...change, ...message, result, completedTime: view.snapshot.now }, why, gates: [] };
}
