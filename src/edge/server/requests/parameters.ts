import type { FieldError } from '#model/objects';
import { unreadable } from './invalid-options.ts';

/** Reads one query parameter; the empty text counts as not given. */
export function textOf(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined;
}

/** Kubernetes' reading of booleans: anything but `false` and `0` is true. Undefined when not given. */
export function booleanOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  return value === null ? undefined : !['false', '0'].includes(value.toLowerCase());
}

/** A decimal integer that is not negative. Fails with bad-request. */
export function integerOf(query: URLSearchParams, name: string): number | undefined {
  const value = textOf(query, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d{1,15}$/.test(value)) return number;
  throw unreadable(name, value, 'a whole number that is not negative');
}

/** One of `choices`; anything else is added to `errors`. */
export function choiceOf<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly T[],
  errors: FieldError[],
): T | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const choice = choices.find((choice) => choice === value);
  if (choice === undefined) errors.push(notSupported(name, value, choices));
  return choice;
}

export function notSupported(field: string, value: string, choices: readonly string[]): FieldError {
  const supported = choices.map((choice) => JSON.stringify(choice)).join(', ');
  return { type: 'FieldValueNotSupported', field, value, detail: `supported values: ${supported}` };
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail };
}
