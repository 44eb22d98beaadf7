import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';

type JsonObject = { [key: string]: Json | undefined };

/** A strategic merge patch of one map, its directives apart from its fields. */
export interface DirectedMap {
  readonly mode: 'merge' | 'replace' | 'delete';
  readonly fields: readonly (readonly [key: string, value: Json])[];
  readonly retainKeys: readonly string[] | undefined;
  /** Field -> values to take out of that list of scalars. */
  readonly deletions: ReadonlyMap<string, readonly Json[]>;
  /** Field -> its items in the wanted order. */
  readonly orders: ReadonlyMap<string, readonly Json[]>;
}

const deletePrefix = '$deleteFromPrimitiveList/';
const orderPrefix = '$setElementOrder/';

/** Splits `patch`. Fails with bad-request on an unknown `$patch` or a directive of the wrong type. */
export function readDirectives(patch: JsonObject): DirectedMap {
  const entries = Object.entries(patch).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const retained = patch['$retainKeys'];
  return {
    mode: modeOf(patch['$patch']),
    fields: entries.filter(([key]) => !isDirective(key)),
    retainKeys: retained === undefined ? undefined : (listOf('$retainKeys', retained) as string[]),
    deletions: listsUnder(deletePrefix, entries),
    orders: listsUnder(orderPrefix, entries),
  };
}

function isDirective(key: string): boolean {
  return key === '$patch' || key === '$retainKeys' || key.startsWith(deletePrefix) || key.startsWith(orderPrefix);
}

function modeOf(mode: Json | undefined): DirectedMap['mode'] {
  if (mode === undefined) return 'merge';
  if (mode === 'merge' || mode === 'replace' || mode === 'delete') return mode;
  throw bad(`unknown patch type found: ${JSON.stringify(mode)}`, '$patch');
}

function listsUnder(prefix: string, entries: readonly [string, Json][]): Map<string, Json[]> {
  const found = entries.filter(([key]) => key.startsWith(prefix));
  return new Map(found.map(([key, value]) => [key.slice(prefix.length), listOf(key, value)]));
}

function listOf(directive: string, value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw bad(`${directive} must be a list`, directive);
}

/** `value` as it is stored when nothing stood there before: without directives and nulls. */
export function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => !isDeletion(item)).map(withoutDirectives);
  if (!isJsonObject(value)) return value;
  const { fields } = readDirectives(value);
  const kept = fields.filter(([, field]) => field !== null && !isDeletion(field));
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutDirectives(field)]));
}

function isDeletion(value: Json): boolean {
  return isJsonObject(value) && value['$patch'] === 'delete';
}

export function bad(message: string, field: string): CodedError {
  return new CodedError('bad-request', message, { field, hint: 'Use the strategic merge directives of Kubernetes.' });
}
