import type { Json } from '../object.ts';
import { deepEqual } from '../values/json-values.ts';
import { everyField } from './every-field.ts';
import { emptySet, insertNode, isEmptySet, leaf, type FieldSet } from './field-set.ts';
import { asGranularList, asGranularMap, hasKeys, own } from './granular.ts';
import { Duplicates, indexList, type IndexedItem } from './list-index.ts';
import { fieldElement } from './path-element.ts';
import { fieldOf, type FieldSchema, type ListSchema } from './schema-nodes.ts';

/** Which fields differ between two values; no field is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type JsonObject = { [key: string]: Json | undefined };

/** Compares two values of one schema field by field. A container is added or removed together with all in it. */
export function compareFields(schema: FieldSchema, left: Json | undefined, right: Json | undefined): Comparison {
  const walk = new ComparisonWalk();
  walk.visit(schema, left, right);
  return walk;
}

export function isSame(comparison: Comparison): boolean {
  return isEmptySet(comparison.added) && isEmptySet(comparison.modified) && isEmptySet(comparison.removed);
}

class ComparisonWalk implements Comparison {
  added: FieldSet = emptySet;
  modified: FieldSet = emptySet;
  removed: FieldSet = emptySet;
  readonly #path: string[] = [];

  visit(schema: FieldSchema, left: Json | undefined, right: Json | undefined): void {
    if (left === right || schema.kind === 'unowned') return;
    if (left === undefined) return this.#add('added', everyField(schema, right!));
    if (right === undefined) return this.#add('removed', everyField(schema, left));
    this.#visitBoth(schema, left, right);
  }

  #visitBoth(schema: FieldSchema, left: Json, right: Json): void {
    const leftMap = asGranularMap(schema, left);
    const rightMap = asGranularMap(schema, right);
    if (leftMap && rightMap) return this.#visitMaps(schema, leftMap, rightMap);
    const leftList = asGranularList(schema, left);
    const rightList = asGranularList(schema, right);
    if (leftList && rightList) return this.#visitLists(schema as ListSchema, leftList, rightList);
    if (hasKeys(leftMap) || hasKeys(rightMap)) this.#visitMaps(schema, leftMap, rightMap);
    if (leftList?.length || rightList?.length) this.#visitLists(schema as ListSchema, leftList ?? [], rightList ?? []);
    if (isLeaf(left, leftMap ?? leftList, right, rightMap ?? rightList)) this.#compareLeaf(left, right);
  }

  #compareLeaf(left: Json, right: Json): void {
    if (!deepEqual(left, right)) this.#add('modified', leaf);
  }

  #visitMaps(schema: FieldSchema, left: JsonObject | undefined, right: JsonObject | undefined): void {
    for (const key in left) this.#visitKey(schema, key, left[key], own(right, key));
    for (const key in right) {
      if (own(left, key) === undefined) this.#visitKey(schema, key, undefined, right[key]);
    }
  }

  #visitKey(schema: FieldSchema, key: string, left: Json | undefined, right: Json | undefined): void {
    if (left === right) return;
    this.#path.push(fieldElement(key));
    this.visit(fieldOf(schema, key), left, right);
    this.#path.pop();
  }

  #visitLists(schema: ListSchema, left: readonly Json[], right: readonly Json[]): void {
    if (deepEqual(left, right)) return;
    const leftItems = indexList(schema, left);
    const rightItems = indexList(schema, right);
    for (const [element, item] of leftItems) this.#visitItem(schema, element, item, rightItems.get(element));
    for (const [element, item] of rightItems) {
      if (!leftItems.has(element)) this.#visitItem(schema, element, undefined, item);
    }
  }

  #visitItem(schema: ListSchema, element: string, left: IndexedItem | undefined, right: IndexedItem | undefined): void {
    this.#path.push(element);
    if (left instanceof Duplicates || right instanceof Duplicates) this.#compareDuplicates(left, right);
    else this.visit(schema.items, left, right);
    this.#path.pop();
  }

  #compareDuplicates(left: IndexedItem | undefined, right: IndexedItem | undefined): void {
    if (left === undefined) this.#add('added', leaf);
    else if (right === undefined) this.#add('removed', leaf);
    else if (!deepEqual(left, right)) this.#add('modified', leaf);
  }

  #add(set: 'added' | 'modified' | 'removed', node: FieldSet): void {
    if (this.#path.length === 0) return;
    if (this[set] === emptySet) this[set] = {};
    insertNode(this[set], this.#path, node);
  }
}

/** Whether a value is compared whole: nothing granular in it, or a granular container became something else. */
function isLeaf(left: Json, leftParts: object | undefined, right: Json, rightParts: object | undefined): boolean {
  const granular = isFilled(leftParts) || isFilled(rightParts);
  const comparable = (leftParts !== undefined || left === null) && (rightParts !== undefined || right === null);
  return !granular || !comparable;
}

function isFilled(parts: object | undefined): boolean {
  return Array.isArray(parts) ? parts.length > 0 : hasKeys(parts as JsonObject | undefined);
}
