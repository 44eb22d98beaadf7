import type { Json } from '../object.ts';
import { compareFields, isSame } from '../fields/compare.ts';
import { difference, emptySet, isEmptySet } from '../fields/field-set.ts';
import { mergeFields } from '../fields/merge.ts';
import { withoutEmptied } from '../fields/remove-fields.ts';
import type { FieldSchema } from '../fields/schema-nodes.ts';
import { statedFields } from '../fields/stated-fields.ts';
import { ownerId, type Owner, type Owners } from './owners.ts';
import { pruneFields } from './prune.ts';
import { contestedFields, takeOver, type Contested } from './take-over.ts';

export interface MergeResult {
  /** Empty, or the reason why nothing is to be written. */
  readonly contested: Contested;
  readonly object: Json;
  /** Whether the object differs from the live one. */
  readonly changed: boolean;
  readonly owners: Owners;
}

/** Who applies; its fields and time follow from what is applied. */
export type Applier = Omit<Owner, 'fields' | 'time'>;

/**
 * Server-side apply proper (structured-merge-diff's Updater.Apply): merge, prune what the applier dropped, then see whose
 * fields the result changes. With `force` the applier takes those over.
 */
export function mergeApply(
  schema: FieldSchema,
  live: Json,
  config: Json,
  owners: Owners,
  applier: Applier,
  force: boolean,
): MergeResult {
  const id = ownerId(applier);
  const before = owners.get(id);
  const fields = statedFields(schema, config);
  const claimed: Owners = new Map(owners).set(id, { ...applier, time: before?.time, fields });
  const merged = mergeFields(schema, live, config) ?? live;
  const pruned = pruneDropped(schema, merged, before, claimed, id);
  const change = compareFields(schema, live, pruned);
  const object = withoutEmptied(merged, pruned);
  const contested = force ? new Map() : contestedFields(claimed, id, change);
  return { contested, object, changed: !isSame(change), owners: withoutEmpty(takeOver(claimed, id, change)) };
}

/** Nothing can be pruned when all that was stated last time is stated again. */
function pruneDropped(schema: FieldSchema, merged: Json, before: Owner | undefined, claimed: Owners, id: string): Json {
  const last = before?.fields ?? emptySet;
  const dropped = difference(last, claimed.get(id)!.fields);
  return isEmptySet(dropped) ? merged : pruneFields(schema, merged, last, claimed);
}

function withoutEmpty(owners: Owners): Owners {
  const filled = [...owners].filter(([, owner]) => !isEmptySet(owner.fields));
  return filled.length === owners.size ? owners : new Map(filled);
}
