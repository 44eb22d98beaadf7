import type { Json } from '../object.ts';
import { emptySet, isMember, leaf, self, type FieldSet } from './field-set.ts';
import { hasKeys, isGranularList, isGranularMap } from './granular.ts';
import { Duplicates, indexList } from './list-index.ts';
import { fieldElement } from './path-element.ts';
import { fieldOf, type FieldSchema, type ListSchema } from './schema-nodes.ts';
import { isJsonObject } from '../values/json-values.ts';

type JsonObject = { [key: string]: Json | undefined };
type Growing = { [element: string]: FieldSet };

/**
 * The fields that a configuration states, as an Apply owns them: leaves, items of lists, keys of maps. Unlike in the
 * set of an Update, a struct is not a member for having members.
 */
export function statedFields(schema: FieldSchema, value: Json): FieldSet {
  const node = stated(schema, value);
  return node === undefined || node === leaf ? emptySet : node;
}

/** The node of `value`, or undefined when it states nothing by itself. */
function stated(schema: FieldSchema, value: Json): FieldSet | undefined {
  if (schema.kind === 'unowned') return undefined;
  if (isJsonObject(value) && isGranularMap(schema)) return statedKeys(schema, value);
  if (Array.isArray(value) && isGranularList(schema)) return statedItems(schema, value);
  return value === null && isContainer(schema) ? undefined : leaf;
}

function isContainer(schema: FieldSchema): boolean {
  return isGranularMap(schema) || isGranularList(schema);
}

function statedKeys(schema: FieldSchema, map: JsonObject): FieldSet | undefined {
  let node: Growing | undefined;
  for (const key in map) {
    const value = map[key];
    if (value === undefined) continue;
    const field = fieldOf(schema, key);
    if (field.kind === 'unowned') continue;
    const named = schema.kind === 'map' && schema.fields.has(key);
    const child = withSelf(stated(field, value), !named || isBlank(value));
    if (child !== undefined) (node ??= {})[fieldElement(key)] = child;
  }
  return node;
}

function isBlank(value: Json): boolean {
  return value === null || (isJsonObject(value) && !hasKeys(value));
}

function withSelf(node: FieldSet | undefined, member: boolean): FieldSet | undefined {
  if (!member) return node;
  if (node === undefined) return leaf;
  return isMember(node) ? node : { [self]: leaf, ...node };
}

function statedItems(schema: ListSchema, list: readonly Json[]): FieldSet | undefined {
  let node: Growing | undefined;
  for (const [element, item] of indexList(schema, list)) {
    const child = item instanceof Duplicates ? leaf : stated(schema.items, item);
    (node ??= {})[element] = withSelf(child, true)!;
  }
  return node;
}
