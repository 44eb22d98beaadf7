import type { FieldError } from '#model/objects';
import { parameters } from '#edge/api';
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

const known: ReadonlySet<string> = new Set(Object.values(parameters));
const folded: ReadonlyMap<string, string> = new Map([...known].map((name) => [name.toLowerCase(), name]));

/**
 * Looks for parameters that the API does not know: `Dryrun=All` must not delete, so a name that differs from a known one
 * in case only is refused; other names are told back to the client as a warning.
 */
export function checkParameterNames(query: URLSearchParams, warnings: Set<string>): void {
  for (const name of query.keys()) {
    if (known.has(name)) continue;
    const meant = folded.get(name.toLowerCase());
    if (meant !== undefined) throw unreadable(name, query.get(name) ?? '', `written "${meant}"`);
    warnings.add(`query parameter ${JSON.stringify(name.slice(0, 64))} is not known here and was ignored`);
  }
}
