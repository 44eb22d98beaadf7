import type { Json } from '../object.ts';
import { itemElement } from './path-element.ts';
import type { ListSchema } from './schema-nodes.ts';

/** Items of a list that should differ but do not: old objects may have them. They are owned as one. */
export class Duplicates {
  readonly items: Json[];

  constructor(items: Json[]) {
    this.items = items;
  }
}

export type IndexedItem = Json | Duplicates;

/** Items of a set or keyed list by path element, in list order. Items without one go by position (`i:2`). */
export function indexList(schema: ListSchema, list: readonly Json[]): Map<string, IndexedItem> {
  const index = new Map<string, IndexedItem>();
  list.forEach((item, position) => {
    const element = itemElement(schema, item) ?? `i:${position}`;
    const before = index.get(element);
    index.set(element, before === undefined ? item : duplicates(before, item));
  });
  return index;
}

function duplicates(before: IndexedItem, item: Json): Duplicates {
  if (!(before instanceof Duplicates)) return new Duplicates([before, item]);
  before.items.push(item);
  return before;
}
