import type { FieldError } from '#model/objects';
import { forbidden, invalid, tooLong } from './field-errors.ts';

/** The rules that Secret and ConfigMap share: keys, size in all, and `immutable`. */

const longestKey = 253;
/** As in Kubernetes, so that objects can move to another store. */
export const valuesLimitBytes = 1024 * 1024;

const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

export const validateKey = (field: string, key: string): FieldError[] =>
  keyProblems(key).map((problem) => invalid(`${field}[${key}]`, key, problem));

/** What keeps a text from being a key of a Secret or ConfigMap. */
export function keyProblems(key: string): string[] {
  const problems: string[] = [];
  if (key.length > longestKey) problems.push(`must be no more than ${longestKey} characters`);
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push(keyText);
  if (key === '.' || key === '..') problems.push(`must not be '${key}'`);
  else if (key.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

export const validateSize = (field: string, sizeBytes: number): FieldError[] =>
  sizeBytes > valuesLimitBytes ? [tooLong(field, valuesLimitBytes)] : [];

interface Immutable {
  readonly immutable?: boolean;
}

/** Once `immutable` is true it stays so, and with it the fields `frozen`. `isSame` compares one of them. */
export function validateImmutable<T extends Immutable>(
  next: T,
  previous: T | undefined,
  frozen: readonly (keyof T & string)[],
  isSame: (a: unknown, b: unknown) => boolean,
): FieldError[] {
  if (previous?.immutable !== true) return [];
  const changed = frozen.filter((field) => !isSame(next[field], previous[field]));
  const fields = next.immutable === true ? changed : ['immutable', ...changed];
  return fields.map((field) => forbidden(field, 'field is immutable when `immutable` is set'));
}
