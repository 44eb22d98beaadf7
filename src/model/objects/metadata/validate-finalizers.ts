import type { FieldError } from '../field-error.ts';
import { qualifiedNameProblems } from './names.ts';

const field = 'metadata.finalizers';

/** Finalizers are qualified names; the two that choose how dependents are deleted exclude each other. */
export function validateFinalizers(finalizers: readonly string[]): FieldError[] {
  const errors: FieldError[] = finalizers.flatMap((value) =>
    qualifiedNameProblems(value).map((detail) => ({ type: 'FieldValueInvalid', field, value, detail })),
  );
  if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return errors;
  const detail = 'finalizer orphan and foregroundDeletion cannot be both set';
  return [...errors, { type: 'FieldValueInvalid', field, value: [...finalizers], detail }];
}
