import { CodedError } from '#errors';
import { causesOf, formatFieldErrors } from '#model/objects';
import type { FieldError } from '#model/objects';

/** 422 for query parameters that contradict each other or have no such value. */
export function invalidOptions(optionsKind: string, errors: readonly FieldError[]): CodedError {
  const message = formatFieldErrors({ kind: optionsKind, group: 'meta.k8s.io', name: '' }, errors);
  return new CodedError('invalid', message, { causes: causesOf(errors) });
}

/** 400 for a query parameter that cannot be read at all. */
export function unreadable(name: string, value: string, wanted: string): CodedError {
  return new CodedError('bad-request', `query parameter "${name}" has the value "${value}"; it must be ${wanted}`, {
    field: name,
  });
}
