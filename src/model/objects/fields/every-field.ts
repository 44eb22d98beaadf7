import type { Json } from '../object.ts';
import { leaf, self, type FieldSet } from './field-set.ts';
import { asGranularList, asGranularMap } from './granular.ts';
import { Duplicates, indexList } from './list-index.ts';
import { fieldElement } from './path-element.ts';
import { fieldOf, type FieldSchema, type ListSchema } from './schema-nodes.ts';

type JsonObject = { [key: string]: Json | undefined };
type Growing = { [element: string]: FieldSet };

/** The node of a value that appeared or went as a whole: itself, every container and every leaf in it. */
export function everyField(schema: FieldSchema, value: Json): FieldSet {
  const map = asGranularMap(schema, value);
  if (map !== undefined) return everyKey(schema, map);
  const list = asGranularList(schema, value);
  return list === undefined ? leaf : everyItem(schema as ListSchema, list);
}

function everyKey(schema: FieldSchema, map: JsonObject): FieldSet {
  let node: Growing | undefined;
  for (const key in map) {
    const value = map[key];
    const field = fieldOf(schema, key);
    if (value === undefined || field.kind === 'unowned') continue;
    (node ??= { [self]: leaf })[fieldElement(key)] = everyField(field, value);
  }
  return node ?? leaf;
}

function everyItem(schema: ListSchema, list: readonly Json[]): FieldSet {
  if (list.length === 0) return leaf;
  const node: Growing = { [self]: leaf };
  for (const [element, item] of indexList(schema, list)) {
    node[element] = item instanceof Duplicates ? leaf : everyField(schema.items, item);
  }
  return node;
}
