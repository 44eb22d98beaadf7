import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';
import type { FieldSchema, ListSchema, MapSchema, UntypedSchema } from './schema-nodes.ts';

type JsonObject = { [key: string]: Json | undefined };

/** Whether each key of a map at this place has an owner of its own. */
export function isGranularMap(schema: FieldSchema): schema is MapSchema | UntypedSchema {
  return schema.kind === 'untyped' || (schema.kind === 'map' && !schema.atomic);
}

/** Whether each item of a list at this place has an owner of its own. */
export function isGranularList(schema: FieldSchema): schema is ListSchema {
  return schema.kind === 'list' && schema.relation !== 'atomic';
}

/** `value` as a map whose keys have owners of their own, or undefined. */
export function asGranularMap(schema: FieldSchema, value: Json | undefined): JsonObject | undefined {
  return isGranularMap(schema) && isJsonObject(value) ? value : undefined;
}

/** `value` as a list whose items have owners of their own, or undefined. */
export function asGranularList(schema: FieldSchema, value: Json | undefined): Json[] | undefined {
  return isGranularList(schema) && Array.isArray(value) ? value : undefined;
}

export function hasKeys(map: JsonObject | undefined): boolean {
  for (const key in map) if (map[key] !== undefined) return true;
  return false;
}

/** The own value at `key`. */
export function own(map: JsonObject | undefined, key: string): Json | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
