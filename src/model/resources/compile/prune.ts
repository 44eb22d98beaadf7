import { isRecord } from './schema-node.ts';
import type { JsonRecord, SchemaNode } from './schema-node.ts';

/** Whether pruning would change `value`. Allocates nothing: this is what every write pays. */
export function needsPruning(node: SchemaNode, value: unknown): boolean {
  if (node.open) return false;
  if (Array.isArray(value)) return node.items !== undefined && value.some((item) => needsPruning(node.items!, item));
  if (!isRecord(value)) return false;
  for (const key in value) {
    const child = childOf(node, key);
    if (child === undefined) return node.type === 'object';
    const below = value[key];
    if (below === null ? node.dropsNull : needsPruning(child, below)) return true;
  }
  return false;
}

function childOf(node: SchemaNode, key: string): SchemaNode | undefined {
  return node.properties.get(key) ?? node.additional;
}

/** A copy without unknown fields; their paths go to `unknown` in document order. */
export function pruned(node: SchemaNode, value: unknown, path: string, unknown: string[]): unknown {
  if (node.open) return value;
  if (Array.isArray(value)) return prunedList(node, value, path, unknown);
  return isRecord(value) && node.type === 'object' ? prunedRecord(node, value, path, unknown) : value;
}

function prunedList(node: SchemaNode, value: unknown[], path: string, unknown: string[]): unknown[] {
  const { items } = node;
  if (items === undefined) return value;
  return value.map((item, index) => pruned(items, item, `${path}[${index}]`, unknown));
}

function prunedRecord(node: SchemaNode, value: JsonRecord, path: string, unknown: string[]): JsonRecord {
  const kept: [string, unknown][] = [];
  for (const [key, below] of Object.entries(value)) {
    const place = path === '' ? key : `${path}.${key}`;
    const child = childOf(node, key);
    if (child === undefined) unknown.push(place);
    else if (below !== null || !node.dropsNull) kept.push([key, pruned(child, below, place, unknown)]);
  }
  return Object.fromEntries(kept);
}
