import { stringify } from 'yaml';
import type { KubeObject } from '#model/objects';

export type ObjectForm = 'json' | 'yaml';

/** A value in the form that kubectl prints: keys in order, JSON indented by four, YAML lists flush with their key. */
export function formatValue(value: unknown, form: ObjectForm): string {
  const sorted = sortKeys(value);
  if (form === 'json') return `${JSON.stringify(sorted, undefined, 4)}\n`;
  // By the rules of YAML 1.1 a time, or `yes`, is quoted: kubectl's own reader takes it for something else than text.
  return stringify(sorted, { version: '1.1', lineWidth: 0, indentSeq: false });
}

/** The object without the bookkeeping of who owns which field, which nobody reads. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sortKeys(each)]),
  );
}
