import type { Json } from '../object.ts';

/** One owner for the whole value. */
export interface ScalarSchema {
  readonly kind: 'scalar';
}

/** Owned by nobody: identity and bookkeeping of the object itself. */
export interface UnownedSchema {
  readonly kind: 'unowned';
}

/** Whatever the value is: each key of a map on its own, lists and scalars whole. */
export interface UntypedSchema {
  readonly kind: 'untyped';
}

/** A struct (`fields`), a map (`rest`), or both; with one owner for all of it when `atomic`. */
export interface MapSchema {
  readonly kind: 'map';
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly rest: FieldSchema;
  readonly atomic: boolean;
  /** Never goes with the last of its owned fields, because it has others: `metadata`. */
  readonly permanent?: true;
}

export interface ListSchema {
  readonly kind: 'list';
  readonly items: FieldSchema;
  /** `map`: items are told apart by `keys`; `set`: by their own scalar value; `atomic`: one owner for the list. */
  readonly relation: 'atomic' | 'set' | 'map';
  /** Sorted as bytes, the order of keys in a path element. */
  readonly keys: readonly string[];
  /** What a key counts as where an item leaves it out. */
  readonly defaults: Readonly<Record<string, Json>>;
}

/** How the fields of a value are owned: the view of a schema that server-side apply needs. */
export type FieldSchema = UnownedSchema | ScalarSchema | UntypedSchema | MapSchema | ListSchema;

export const unowned: UnownedSchema = { kind: 'unowned' };
export const scalar: ScalarSchema = { kind: 'scalar' };
export const untyped: UntypedSchema = { kind: 'untyped' };

export function map(fields: ReadonlyMap<string, FieldSchema>, rest: FieldSchema, atomic = false): MapSchema {
  return { kind: 'map', fields, rest, atomic };
}

export function list(
  items: FieldSchema,
  relation: ListSchema['relation'],
  keys: readonly string[] = [],
  defaults: Readonly<Record<string, unknown>> = {},
): ListSchema {
  return { kind: 'list', items, relation, keys: keys.toSorted(), defaults: defaults as Record<string, Json> };
}

/** Schema of the value at `key`. */
export function fieldOf(schema: FieldSchema, key: string): FieldSchema {
  return schema.kind === 'map' ? (schema.fields.get(key) ?? schema.rest) : untyped;
}
