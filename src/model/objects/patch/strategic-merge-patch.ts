import type { Json } from '../object.ts';
import { defineKey, isJsonObject } from '../values/json-values.ts';
import { bad, readDirectives, withoutDirectives, type DirectedMap } from './strategic-directives.ts';
import { mergeListByKey, mergeScalarList, orderItems } from './strategic-lists.ts';

type JsonObject = { [key: string]: Json | undefined };

/** Lists that merge, by path: the key that tells items apart, or `set` for lists of scalars. All others are replaced. */
const mergingLists: Readonly<Record<string, string>> = {
  'metadata.finalizers': 'set',
  'metadata.ownerReferences': 'uid',
  'status.conditions': 'type',
};

/**
 * Strategic merge patch for the core kinds: a merge patch in which finalizers, owner references and conditions merge
 * item by item, with `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/` and `$setElementOrder/`. Fails with
 * bad-request on malformed directives.
 */
export function applyStrategicMergePatch(target: Json, patch: Json): Json {
  if (!isJsonObject(patch) || !isJsonObject(target)) throw bad('a strategic merge patch must be an object', '');
  return mergeMap(target, patch, '');
}

function mergeMap(target: JsonObject, patch: JsonObject, path: string): JsonObject {
  const directed = readDirectives(patch);
  if (directed.mode === 'delete') return {};
  if (directed.mode === 'replace') return withoutDirectives(patch) as JsonObject;
  const merged = retain(target, directed.retainKeys);
  for (const [key, value] of directed.fields) mergeField(merged, key, value, join(path, key));
  mergeLists(merged, directed, path);
  return merged;
}

function retain(target: JsonObject, keys: readonly string[] | undefined): JsonObject {
  if (keys === undefined) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function mergeField(merged: JsonObject, key: string, value: Json, path: string): void {
  const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
  if (value === null) delete merged[key];
  else defineKey(merged, key, mergeValue(before, value, path));
}

function mergeValue(before: Json | undefined, value: Json, path: string): Json {
  if (isJsonObject(value) && isJsonObject(before)) return mergeMap(before, value, path);
  const rule = mergingLists[path];
  if (!Array.isArray(value) || !Array.isArray(before) || rule === undefined) return withoutDirectives(value);
  if (rule === 'set') return mergeScalarList(before, value);
  return mergeListByKey(before, value, rule, (item, change) => mergeMap(item, change, `${path}[]`));
}

function mergeLists(merged: JsonObject, directed: DirectedMap, path: string): void {
  for (const [key, values] of directed.deletions) {
    const list = merged[key];
    const gone = new Set(values);
    if (Array.isArray(list)) merged[key] = list.filter((item) => !gone.has(item));
  }
  for (const [key, order] of directed.orders) {
    const list = merged[key];
    const rule = mergingLists[join(path, key)];
    if (Array.isArray(list) && rule !== undefined) merged[key] = orderItems(list, order, rule);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
