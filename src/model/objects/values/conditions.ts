import type { Condition } from '../object.ts';
import { formatTimestamp } from './timestamps.ts';

/** A condition as its setter states it; the transition time is decided by `setCondition`. */
export type ConditionUpdate = Omit<Condition, 'lastTransitionTime'>;

/** The condition of that type, or undefined. */
export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition of that type is there and True. */
export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/**
 * The list with `update` in the place of the condition of its type, or at the end. `lastTransitionTime` becomes `now`
 * only when the status changes (cert-manager pkg/api/util/conditions.go); reason, message and generation always change.
 * Answers the same list when nothing would differ.
 */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  update: ConditionUpdate,
  now: Date,
): readonly Condition[] {
  const before = conditionOf(conditions, update.type);
  const next = { ...update, lastTransitionTime: transitionTime(before, update, now) };
  if (conditions === undefined || before === undefined) return [...(conditions ?? []), next];
  return isSame(before, next) ? conditions : conditions.map((condition) => (condition === before ? next : condition));
}

function transitionTime(before: Condition | undefined, update: ConditionUpdate, now: Date): string {
  const kept = before?.status === update.status ? before.lastTransitionTime : undefined;
  return kept ?? formatTimestamp(now);
}

function isSame(before: Condition, next: Condition): boolean {
  return (
    before.status === next.status &&
    before.reason === next.reason &&
    before.message === next.message &&
    before.observedGeneration === next.observedGeneration &&
    before.lastTransitionTime === next.lastTransitionTime
  );
}

/** The list without the condition of that type; the same list when there is none. */
export function removeCondition(conditions: readonly Condition[] | undefined, type: string): readonly Condition[] {
  if (conditions === undefined || conditionOf(conditions, type) === undefined) return conditions ?? [];
  return conditions.filter((condition) => condition.type !== type);
}
