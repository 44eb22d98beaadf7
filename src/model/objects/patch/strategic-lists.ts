import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';
import { bad, readDirectives, withoutDirectives } from './strategic-directives.ts';

type JsonObject = { [key: string]: Json | undefined };

/** Adds the scalars of `patch` that `before` has not. */
export function mergeScalarList(before: readonly Json[], patch: readonly Json[]): Json[] {
  return [...new Set([...before, ...patch])];
}

/**
 * Merges items that agree in `key`, adds the others, and takes out those that the patch marks with `$patch: delete`. An
 * item `{$patch: replace}` makes the rest of the patch the whole list.
 */
export function mergeListByKey(
  before: readonly Json[],
  patch: readonly Json[],
  key: string,
  mergeItem: (item: JsonObject, change: JsonObject) => JsonObject,
): Json[] {
  const changes = patch.map((change) => itemOf(change, key));
  if (changes.some(({ mode }) => mode === 'replace')) return plainItems(changes);
  const merged = new Map(before.map((item) => [keyOf(item, key), item]));
  for (const { mode, item } of changes) mergeOne(merged, mode, item, item[key], mergeItem);
  return [...merged.values()];
}

interface Change {
  readonly mode: 'merge' | 'replace' | 'delete';
  readonly item: JsonObject;
}

function itemOf(change: Json, key: string): Change {
  if (!isJsonObject(change)) throw bad('items of this list must be objects', key);
  const { mode } = readDirectives(change);
  if (mode !== 'replace' && change[key] === undefined)
    throw bad(`map does not contain declared merge key: ${key}`, key);
  return { mode, item: change };
}

function plainItems(changes: readonly Change[]): Json[] {
  return changes.filter(({ mode }) => mode === 'merge').map(({ item }) => withoutDirectives(item));
}

function mergeOne(
  merged: Map<Json | undefined, Json>,
  mode: Change['mode'],
  item: JsonObject,
  key: Json | undefined,
  mergeItem: (item: JsonObject, change: JsonObject) => JsonObject,
): void {
  const before = merged.get(key);
  if (mode === 'delete') merged.delete(key);
  else merged.set(key, isJsonObject(before) ? mergeItem(before, item) : withoutDirectives(item));
}

/** What tells an item apart: itself in a list of scalars, the value of its key otherwise. */
function keyOf(item: Json, rule: string): Json | undefined {
  if (rule === 'set') return item;
  return isJsonObject(item) ? item[rule] : undefined;
}

/**
 * The items that `order` names, in its order; the others keep their place before the first of those that they preceded.
 */
export function orderItems(list: readonly Json[], order: readonly Json[], rule: string): Json[] {
  const wanted = new Map(order.map((item, index) => [keyOf(item, rule), index]));
  const places = new Map(list.map((item, index) => [keyOf(item, rule), index]));
  const wantedPlace = (item: Json): number | undefined => wanted.get(keyOf(item, rule));
  const others = list.filter((item) => wantedPlace(item) === undefined);
  const named = list.filter((item) => wantedPlace(item) !== undefined);
  const sorted = named.toSorted((a, b) => wantedPlace(a)! - wantedPlace(b)!);
  return weave(others, sorted, (item) => places.get(keyOf(item, rule))!);
}

function weave(others: readonly Json[], sorted: readonly Json[], place: (item: Json) => number): Json[] {
  const woven: Json[] = [];
  let next = 0;
  for (const item of sorted) {
    while (next < others.length && place(others[next]!) < place(item)) woven.push(others[next++]!);
    woven.push(item);
  }
  return [...woven, ...others.slice(next)];
}
