import { IsDateTime } from 'typebox/format';
import type { FieldError, FieldErrorType, Json } from '#model/objects';
import { errorLimit } from '../validation/field-errors.ts';
import { isRecord } from './schema-node.ts';
import type { JsonRecord, SchemaNode } from './schema-node.ts';

/** Where a walk is, and what it has found. */
type Report = FieldError[];

/** The rules of the schema that `value` breaks, worded as the Kubernetes API server words them; errorLimit at most. */
export function schemaErrors(node: SchemaNode, value: unknown, path: string, report: Report): void {
  if (report.length >= errorLimit) return;
  if (typeOf(value, node) !== node.type) {
    const actual = typeOf(value, undefined);
    return add(
      report,
      'FieldValueTypeInvalid',
      path,
      actual,
      `${path} in body must be of type ${node.type}: "${actual}"`,
    );
  }
  if (node.open) return;
  if (Array.isArray(value)) return listErrors(node, value, path, report);
  if (isRecord(value)) return recordErrors(node, value, path, report);
  if (typeof value === 'string') return textErrors(node, value, path, report);
  if (typeof value === 'number') numberErrors(node, value, path, report);
}

function typeOf(value: unknown, wanted: SchemaNode | undefined): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'number') return typeof value;
  return Number.isInteger(value) && wanted?.type !== 'number' ? 'integer' : 'number';
}

function add(report: Report, type: FieldErrorType, field: string, value: Json | undefined, detail: string): void {
  if (report.length >= errorLimit) return;
  report.push(value === undefined ? { type, field, detail } : { type, field, value, detail });
}

function recordErrors(node: SchemaNode, value: JsonRecord, path: string, report: Report): void {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of node.required) {
    if (!Object.hasOwn(value, key) || value[key] === undefined)
      add(report, 'FieldValueRequired', below(key), undefined, '');
  }
  for (const [key, child] of Object.entries(value)) {
    const childNode = node.properties.get(key) ?? node.additional;
    if (childNode !== undefined && child !== undefined) schemaErrors(childNode, child, below(key), report);
  }
}

function listErrors(node: SchemaNode, value: unknown[], path: string, report: Report): void {
  const { items } = node;
  if (items !== undefined) value.forEach((item, index) => schemaErrors(items, item, `${path}[${index}]`, report));
  const { uniqueBy } = node;
  if (uniqueBy === undefined) return;
  for (const index of duplicatesOf(value, uniqueBy)) {
    add(report, 'FieldValueDuplicate', `${path}[${index}]`, identity(value[index], uniqueBy), '');
  }
}

function textErrors(node: SchemaNode, value: string, path: string, report: Report): void {
  const invalid = (rule: string) => add(report, 'FieldValueInvalid', path, value, `${path} in body ${rule}`);
  if (node.enum !== undefined && !node.enum.includes(value)) {
    const supported = node.enum.map((one) => JSON.stringify(one)).join(', ');
    add(report, 'FieldValueNotSupported', path, value, `supported values: ${supported}`);
  }
  if (node.minLength !== undefined && Array.from(value).length < node.minLength) {
    invalid(`should be at least ${node.minLength} chars long`);
  }
  if (node.pattern !== undefined && !node.pattern.test(value)) invalid(`should match '${node.pattern.source}'`);
  if (node.isTime && !IsDateTime(value)) invalid(`must be of type date-time: ${JSON.stringify(value)}`);
}

function numberErrors(node: SchemaNode, value: number, path: string, report: Report): void {
  const invalid = (rule: string) => add(report, 'FieldValueInvalid', path, value, `${path} in body ${rule}`);
  if (node.minimum !== undefined && value < node.minimum) invalid(`should be greater than or equal to ${node.minimum}`);
  if (node.maximum !== undefined && value > node.maximum) invalid(`should be less than or equal to ${node.maximum}`);
}

/** What tells an item of a set or list map from its neighbours. */
function identity(item: unknown, uniqueBy: readonly string[]): Json {
  if (uniqueBy.length === 0 || !isRecord(item)) return item as Json;
  return Object.fromEntries(uniqueBy.map((key) => [key, (item[key] ?? null) as Json]));
}

function duplicatesOf(items: readonly unknown[], uniqueBy: readonly string[]): number[] {
  const seen = new Set<string>();
  return [...items.keys()].filter((index) => {
    const key = JSON.stringify(identity(items[index], uniqueBy));
    return seen.size === seen.add(key).size;
  });
}

/** Whether any set or list map below `value` repeats an item; the schema itself cannot say that. */
export function hasDuplicates(node: SchemaNode, value: unknown): boolean {
  if (node.open) return false;
  if (Array.isArray(value)) return repeats(node, value);
  if (!isRecord(value)) return false;
  for (const [key, child] of node.properties) {
    const below = value[key];
    if (typeof below === 'object' && hasDuplicates(child, below)) return true;
  }
  return false;
}

function repeats(node: SchemaNode, value: unknown[]): boolean {
  const { uniqueBy } = node;
  if (uniqueBy !== undefined && mayRepeat(value, uniqueBy) && duplicatesOf(value, uniqueBy).length > 0) return true;
  const { items } = node;
  return items?.type === 'object' && value.some((item) => hasDuplicates(items, item));
}

/** Whether a closer look is worth its price: lists of texts, and of objects told apart by one text, are judged exactly. */
function mayRepeat(items: readonly unknown[], [key, ...more]: readonly string[]): boolean {
  if (items.length < 2) return false;
  const seen = new Set<unknown>();
  for (const item of items) {
    const mark = key !== undefined && isRecord(item) ? (item[key] ?? null) : item;
    if (more.length > 0 || (typeof mark === 'object' && mark !== null)) return true;
    seen.add(mark);
  }
  return seen.size < items.length;
}
