import { ackRules } from './acks.ts';
import type { AckRule } from './acks.ts';
import { joinGuards } from './guards.ts';
import type { Guard } from './guards/guard.ts';
import type { InstanceState, RotationSnapshot } from './snapshot.ts';
import type { Blocking } from './step.ts';
import { viewOf } from './view.ts';

export interface Admission {
  readonly admitted: boolean;
  readonly blocking: readonly Blocking[];
}

/**
 * Whether an instance that is out of service may enter it: one that is new, was made anew, or was quarantined. The
 * rotation goes on without it meanwhile, so it must have all of the current generation first.
 */
export function admission(
  snapshot: RotationSnapshot,
  instance: InstanceState,
  guards: readonly Guard[] = joinGuards,
  acks: readonly AckRule[] = ackRules,
): Admission {
  const alone = viewOf({ ...snapshot, instances: [{ ...instance, serving: true }] });
  const blocking = guards.flatMap(({ check }) => check(alone, acks).blocking);
  return { admitted: blocking.length === 0, blocking };
}
