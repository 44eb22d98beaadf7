import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { asGranularList, asGranularMap } from '../fields/granular.ts';
import { elementText, itemElement } from '../fields/path-element.ts';
import { isJsonObject } from '../values/json-values.ts';
import { fieldOf, type FieldSchema, type ListSchema } from '../fields/schema-nodes.ts';

/**
 * Requires that every item of a set or keyed list in `value` can be told apart from its neighbours. Fails with invalid,
 * in the words of structured-merge-diff.
 */
export function checkLists(schema: FieldSchema, value: Json, path: string): void {
  const map = asGranularMap(schema, value);
  for (const key in map) {
    if (map[key] !== undefined) checkLists(fieldOf(schema, key), map[key], `${path}.${key}`);
  }
  const list = asGranularList(schema, value);
  if (list !== undefined) checkItems(schema as ListSchema, list, path);
}

function checkItems(schema: ListSchema, list: readonly Json[], path: string): void {
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const element = itemElement(schema, item);
    if (element === undefined || hasNullKey(schema, item)) throw bad(path, `element ${index}: ${problemOf(schema)}`);
    if (seen.has(element)) throw bad(path, `duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    checkLists(schema.items, item, path + elementText(element));
  });
}

/** A null key goes when nulls are dropped, and would leave items that cannot be told apart. */
function hasNullKey(schema: ListSchema, item: Json): boolean {
  return isJsonObject(item) && schema.keys.some((key) => item[key] === null);
}

function problemOf(schema: ListSchema): string {
  if (schema.relation === 'set') return 'associative list without keys has an element that is not a scalar';
  const keys = schema.keys.map((key) => JSON.stringify(key)).join(', ');
  return `associative list with keys has an element that omits key field ${keys} (and doesn't have default value)`;
}

function bad(path: string, problem: string): CodedError {
  return new CodedError('invalid', `failed to create typed patch object: ${path}: ${problem}`, {
    field: path.replace(/^\./, ''),
    hint: 'Name each item of the list once.',
  });
}
