import type { Json } from '../object.ts';
import { isJsonObject } from '../values/json-values.ts';
import type { ListSchema } from './schema-nodes.ts';

/** Bounds of what is remembered: names of labels and data may be anything. */
const mostKnown = 2048;
const longestKnown = 64;
const knownElements = new Map<string, string>();

/** `f:name`; one text for each name, as most are of the schema and come with every object. */
export function fieldElement(name: string): string {
  const known = knownElements.get(name);
  if (known !== undefined) return known;
  const element = `f:${name}`;
  if (knownElements.size < mostKnown && name.length <= longestKnown) knownElements.set(name, element);
  return element;
}

/**
 * What tells an item of a set or keyed list apart: `v:"a"` or `k:{"type":"Ready"}`; undefined for an item that breaks
 * the rules of its list (no key, null, a container in a set).
 */
export function itemElement(schema: ListSchema, item: Json): string | undefined {
  return schema.relation === 'set' ? valueElement(item) : keyElement(schema, item);
}

function valueElement(item: Json): string | undefined {
  return item === null || typeof item === 'object' ? undefined : `v:${JSON.stringify(item)}`;
}

function keyElement(schema: ListSchema, item: Json): string | undefined {
  if (!isJsonObject(item)) return undefined;
  let text = '';
  for (const key of schema.keys) {
    const stated = Object.hasOwn(item, key) ? item[key] : undefined;
    const value = stated === undefined ? schema.defaults[key] : stated;
    if (value === undefined) return undefined;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  return `k:{${text}}`;
}

/** The element as conflicts show it: `.spec`, `[type="Ready"]`, `[="a"]`, `[0]`. */
export function elementText(element: string): string {
  const content = element.slice(2);
  if (element.startsWith('f:')) return `.${content}`;
  if (element.startsWith('v:')) return `[=${content}]`;
  return element.startsWith('k:') ? `[${keyText(content)}]` : `[${content}]`;
}

function keyText(content: string): string {
  const keys = Object.entries(JSON.parse(content) as Record<string, Json>);
  return keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
}

const kinds = 'fkvi';

/** Order of siblings: fields, keys, values, indexes; then by text. */
export function compareElements(a: string, b: string): number {
  const kind = kinds.indexOf(a[0]!) - kinds.indexOf(b[0]!);
  if (kind !== 0) return kind;
  return a < b ? -1 : Number(a > b);
}
