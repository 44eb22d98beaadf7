import { isMember, leaf, self, type FieldSet } from './field-set.ts';
import { fieldOf, untyped, type FieldSchema } from './schema-nodes.ts';

type Growing = { [element: string]: FieldSet };

/**
 * `set` with every field that the schema names and that has members beneath it as a member too. With it, taking the
 * last field out of a struct takes the struct.
 */
export function withNamedFields(schema: FieldSchema, set: FieldSet): FieldSet {
  let grown: Growing | undefined;
  for (const element in set) {
    const before = set[element]!;
    if (element === self || before === leaf) continue;
    const after = withNamedNode(schema, element, before);
    if (after !== before) (grown ??= { ...set })[element] = after;
  }
  return grown ?? set;
}

function withNamedNode(schema: FieldSchema, element: string, node: FieldSet): FieldSet {
  const name = element.startsWith('f:') ? element.slice(2) : undefined;
  const below = schemaBelow(schema, element, name);
  const grown = withNamedFields(below, node);
  const named = name !== undefined && schema.kind === 'map' && schema.fields.has(name) && !isPermanent(below);
  return named && !isMember(grown) ? { [self]: leaf, ...grown } : grown;
}

function isPermanent(schema: FieldSchema): boolean {
  return schema.kind === 'map' && schema.permanent === true;
}

function schemaBelow(schema: FieldSchema, element: string, name: string | undefined): FieldSchema {
  if (name !== undefined) return fieldOf(schema, name);
  return element.startsWith('k:') && schema.kind === 'list' ? schema.items : untyped;
}
