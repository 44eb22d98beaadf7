import type { Json } from '../object.ts';
import { difference, intersection, isEmptySet, union, emptySet, type FieldSet } from '../fields/field-set.ts';
import { withNamedFields } from '../fields/named-fields.ts';
import { removeFields } from '../fields/remove-fields.ts';
import type { FieldSchema } from '../fields/schema-nodes.ts';
import { statedFields } from '../fields/stated-fields.ts';
import type { Owners } from './owners.ts';

/**
 * The merged object without what its applier stated last time, states no longer, and nobody else owns. In three steps,
 * as structured-merge-diff does it: take out all that was stated last time; put back what any owner has; put back what
 * the applier did not own.
 */
export function pruneFields(schema: FieldSchema, merged: Json, last: FieldSet, owners: Owners): Json {
  if (isEmptySet(last)) return merged;
  const lastNamed = withNamedFields(schema, last);
  const all = withNamedFields(schema, statedFields(schema, merged));
  const bare = removeFields(schema, merged, lastNamed);
  const kept = union(namedFields(schema, bare), withNamedFields(schema, allOwned(owners)));
  const owned = removeFields(schema, merged, difference(all, kept));
  const dangling = difference(all, namedFields(schema, owned));
  return removeFields(schema, merged, intersection(dangling, lastNamed));
}

function namedFields(schema: FieldSchema, value: Json): FieldSet {
  return withNamedFields(schema, statedFields(schema, value));
}

function allOwned(owners: Owners): FieldSet {
  let all = emptySet;
  for (const owner of owners.values()) all = union(all, owner.fields);
  return all;
}
