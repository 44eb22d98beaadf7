import type { Json } from '../object.ts';
import { defineKey } from '../values/json-values.ts';
import { isEmptySet, isMember, type FieldSet } from './field-set.ts';
import { asGranularList, asGranularMap, hasKeys, own } from './granular.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { fieldOf, type FieldSchema, type ListSchema } from './schema-nodes.ts';

type JsonObject = { [key: string]: Json | undefined };

/**
 * `value` without the fields and items of `fields`, each with all that is in it. A container of which nothing is left is
 * null, as long as ownership is decided: then it is still there, but states nothing. `withoutEmptied` drops it at the end.
 */
export function removeFields(schema: FieldSchema, value: Json, fields: FieldSet): Json {
  if (isEmptySet(fields)) return value;
  const map = asGranularMap(schema, value);
  if (map !== undefined) return removeKeys(schema, map, fields);
  const list = asGranularList(schema, value);
  if (list !== undefined) return removeItems(schema as ListSchema, list, fields);
  return typeof value === 'object' ? null : value;
}

function removeKeys(schema: FieldSchema, map: JsonObject, fields: FieldSet): Json {
  const rest: JsonObject = {};
  for (const key in map) {
    const value = map[key];
    const node = fields[fieldElement(key)];
    if (value === undefined || (node !== undefined && isMember(node))) continue;
    defineKey(rest, key, node === undefined ? value : removeFields(fieldOf(schema, key), value, node));
  }
  return hasKeys(rest) ? rest : null;
}

function removeItems(schema: ListSchema, list: readonly Json[], fields: FieldSet): Json {
  const rest: Json[] = [];
  list.forEach((item, index) => {
    const node = fields[itemElement(schema, item) ?? `i:${index}`];
    if (node === undefined) rest.push(item);
    else if (!isMember(node)) rest.push(removeFields(schema.items, item, node));
  });
  return rest.length > 0 ? rest : null;
}

/** `pruned` without the nulls that took the place of containers of `merged`: such a field is gone. */
export function withoutEmptied(merged: Json | undefined, pruned: Json): Json {
  if (merged === pruned || typeof pruned !== 'object' || pruned === null) return pruned;
  if (Array.isArray(pruned)) return keepItems(merged, pruned);
  const before = typeof merged === 'object' && !Array.isArray(merged) && merged !== null ? merged : undefined;
  const rest: JsonObject = {};
  for (const key in pruned) {
    const [was, value] = [own(before, key), pruned[key]];
    if (value === undefined || (value === null && was !== null)) continue;
    defineKey(rest, key, withoutEmptied(was, value));
  }
  return rest;
}

function keepItems(merged: Json | undefined, pruned: readonly Json[]): Json[] {
  const untouched = new Set(Array.isArray(merged) ? merged : []);
  const kept = pruned.filter((item) => item !== null || untouched.has(item));
  return kept.map((item) => (untouched.has(item) ? item : withoutEmptied(undefined, item)));
}
