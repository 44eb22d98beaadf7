import type { Json } from '#model/objects';

type Fields = { readonly [key: string]: Json | undefined };

/** Shown in the head of a description, or of no use to a person. */
const skipped = new Set([
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
  '.metadata.managedFields',
]);

/**
 * An object as kubectl describes custom resources, as lines with tabs: keys in order and as words, nested values indented,
 * lists item by item. What the head of a description shows is left out.
 */
export function describeFields(fields: Fields, indent = '', path = ''): string[] {
  return Object.keys(fields)
    .toSorted()
    .filter((key) => fields[key] !== undefined && !skipped.has(`${path}.${key}`))
    .flatMap((key) => describeField(key, fields[key]!, indent, `${path}.${key}`));
}

function describeField(key: string, value: Json, indent: string, path: string): string[] {
  const title = `${indent}${fieldTitle(key)}:`;
  const below = `${indent}  `;
  if (Array.isArray(value)) return [title, ...value.flatMap((item) => describeItem(item, below, path))];
  if (isMap(value)) return [title, ...describeFields(value, below, path)];
  return [`${title}\t${leafText(value)}`];
}

function describeItem(item: Json, indent: string, path: string): string[] {
  if (isMap(item)) return describeFields(item, indent, path);
  return [`${indent}${leafText(item)}`];
}

function leafText(value: Json): string {
  if (value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isMap(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** `secretName` -> `Secret Name`, `apiVersion` -> `API Version`; keys that are no plain words stay as they are. */
export function fieldTitle(key: string): string {
  if (/[^\p{L}-]/u.test(key)) return key;
  const words = key.split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u);
  return words.map((word) => (acronyms.has(word.toUpperCase()) ? word.toUpperCase() : capitalized(word))).join(' ');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
