import type { FieldError } from '#model/objects';
import { forbidden, required } from './field-errors.ts';

/** Exactly one of `fields` must be set in `value`; the others beside it are named. */
export function validateOneOf<K extends string>(
  value: { readonly [Key in K]?: unknown },
  fields: readonly K[],
  path: string,
): FieldError[] {
  const [first, ...more] = fields.filter((field) => value[field] !== undefined);
  if (first === undefined) return [required(path, `one of ${fields.join(', ')} must be set`)];
  return more.map((field) => forbidden(`${path}.${field}`, `cannot be set together with ${first}`));
}
