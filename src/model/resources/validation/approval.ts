import { deepEqual } from '#model/objects';
import type { Condition, FieldError } from '#model/objects';
import { forbidden, invalid } from './field-errors.ts';

const path = 'status.conditions';

const verdicts = ['Approved', 'Denied'] as const;

const find = (conditions: readonly Condition[], type: string) => conditions.find((one) => one.type === type);

/** A request is approved or denied, once, and for good. */
export function validateApproval(next: readonly Condition[], previous: readonly Condition[]): FieldError[] {
  const errors = [
    ...verdicts.flatMap((verdict) => changed(verdict, next, previous)),
    ...verdicts.flatMap((verdict) => untrue(verdict, next)),
  ];
  if (verdicts.every((verdict) => find(next, verdict) !== undefined)) {
    errors.push(forbidden(path, "both 'Denied' and 'Approved' conditions cannot coexist"));
  }
  return errors;
}

function changed(verdict: string, next: readonly Condition[], previous: readonly Condition[]): FieldError[] {
  const before = find(previous, verdict);
  const after = find(next, verdict);
  if (before === undefined || (after !== undefined && deepEqual(before, after))) return [];
  return [forbidden(path, `'${verdict}' condition may not be modified once set`)];
}

function untrue(verdict: string, next: readonly Condition[]): FieldError[] {
  const condition = find(next, verdict);
  if (condition === undefined || condition.status === 'True') return [];
  return [invalid(`${path}.${verdict}`, condition.status, `"${verdict}" condition may only be set to True`)];
}
