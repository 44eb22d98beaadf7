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
 *
 * The rule as the model checker plays it. Two places hold it: the validation of a Workload, which refuses to take
 * `quarantined` back before, by the same levels; and a node of a gateway, which serves nobody before it has loaded what
 * the API says, as long as there is an API.
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
