import type { Json } from '../object.ts';
import { defineKey } from '../values/json-values.ts';
import { asGranularList, asGranularMap, hasKeys, own } from './granular.ts';
import { Duplicates, indexList, type IndexedItem } from './list-index.ts';
import { itemElement } from './path-element.ts';
import { fieldOf, type FieldSchema, type ListSchema } from './schema-nodes.ts';

type JsonObject = { [key: string]: Json | undefined };

/**
 * The live value with the configuration laid over it. Nothing is removed: null and empty containers leave the items of
 * a granular container alone.
 */
export function mergeFields(schema: FieldSchema, live: Json | undefined, config: Json | undefined): Json | undefined {
  if (config === undefined) return live;
  if (live === undefined) return config;
  if (schema.kind === 'unowned') return config ?? live;
  const liveMap = asGranularMap(schema, live);
  if (hasKeys(liveMap)) return mergeIntoMap(schema, liveMap!, config);
  const liveList = asGranularList(schema, live);
  return liveList?.length ? mergeIntoList(schema as ListSchema, liveList, config) : config;
}

function mergeIntoMap(schema: FieldSchema, live: JsonObject, config: Json): Json {
  const changes = asGranularMap(schema, config);
  if (changes === undefined) return config === null ? live : config;
  const merged: JsonObject = { ...live };
  for (const key in changes) {
    const value = mergeFields(fieldOf(schema, key), own(live, key), changes[key]);
    if (value !== undefined) defineKey(merged, key, value);
  }
  return merged;
}

function mergeIntoList(schema: ListSchema, live: readonly Json[], config: Json): Json {
  const changes = asGranularList(schema, config);
  if (changes === undefined) return config === null ? (live as Json[]) : config;
  const liveItems = indexList(schema, live);
  const configItems = indexList(schema, changes);
  const order = mergedOrder(elements(schema, live), [...configItems.keys()]);
  return order.flatMap((element) => mergeItem(schema, liveItems.get(element), configItems.get(element)));
}

function elements(schema: ListSchema, list: readonly Json[]): string[] {
  return list.map((item, index) => itemElement(schema, item) ?? `i:${index}`);
}

function mergeItem(schema: ListSchema, live: IndexedItem | undefined, config: IndexedItem | undefined): Json[] {
  if (config === undefined) return live instanceof Duplicates ? live.items : [live!];
  const before = live instanceof Duplicates ? live.items[0] : live;
  const after = config instanceof Duplicates ? config.items[0] : config;
  const merged = mergeFields(schema.items, before, after);
  return merged === undefined ? [] : [merged];
}

/**
 * The order of a merged list: items of the configuration in its order; items that are only live stay before the first
 * shared item that they preceded, as far as that order allows (structured-merge-diff since 4.2).
 */
export function mergedOrder(live: readonly string[], config: readonly string[]): string[] {
  const inConfig = new Set(config);
  const inLive = new Set(live);
  const shared = config.filter((element) => inLive.has(element));
  const order = new Set<string>();
  let nextShared = 0;
  const take = (element: string): void => {
    order.add(element);
    if (shared[nextShared] === element) nextShared += 1;
  };
  let l = 0;
  let c = 0;
  while (l < live.length || c < config.length) {
    const [left, right] = [live[l], config[c]];
    if (left !== undefined && !inConfig.has(left)) {
      order.add(left);
      l += 1;
    } else if (left !== undefined && right !== undefined && waits(left, right, shared[nextShared])) {
      l += 1;
    } else {
      if (left !== undefined && (left === right || order.has(left))) l += 1;
      if (right !== undefined) take(right);
      c += 1;
    }
  }
  return [...order];
}

/** Whether a live item is passed over, to be placed where the configuration has it. */
function waits(left: string, right: string, nextShared: string | undefined): boolean {
  return left !== right && nextShared !== undefined && left !== nextShared;
}
