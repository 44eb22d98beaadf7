import { difference, emptySet, intersection, isEmptySet, union } from '../fields/field-set.ts';
import type { Comparison } from '../fields/compare.ts';
import type { FieldSet } from '../fields/field-set.ts';
import type { Owner, Owners } from './owners.ts';

/** Fields of other owners that a change gives other values. */
export type Contested = ReadonlyMap<Owner, FieldSet>;

/** What of the change touches fields that others than `writer` own. */
export function contestedFields(owners: Owners, writer: string, change: Comparison): Contested {
  const written = union(change.modified, change.added);
  const contested = new Map<Owner, FieldSet>();
  for (const [id, owner] of owners) {
    const fields = id === writer ? emptySet : intersection(owner.fields, written);
    if (!isEmptySet(fields)) contested.set(owner, fields);
  }
  return contested;
}

/** The owners after `writer` made the change: others lose what was written over or removed, and go when nothing is left. */
export function takeOver(owners: Owners, writer: string, change: Comparison): Owners {
  const lost = union(union(change.modified, change.added), change.removed);
  if (isEmptySet(lost)) return owners;
  const rest = new Map<string, Owner>();
  for (const [id, owner] of owners) {
    const fields = id === writer ? owner.fields : difference(owner.fields, lost);
    if (!isEmptySet(fields)) rest.set(id, fields === owner.fields ? owner : { ...owner, fields });
  }
  return rest;
}
