import type { Draft, Json, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { compareFields } from '../fields/compare.ts';
import { isEmptySet, union } from '../fields/field-set.ts';
import { deepEqual } from '../values/json-values.ts';
import { formatTimestamp } from '../values/timestamps.ts';
import { capUpdates } from './cap-updates.ts';
import { withClaim, writeOwners, type Owner, type Owners } from './owners.ts';
import type { UpdateRequest, WriteBy } from './requests.ts';
import { startingOwners } from './sent-managed-fields.ts';
import { takeOver } from './take-over.ts';

/** What an object is compared with when it is created: nobody owns that it has metadata. */
const nothing: Json = { metadata: {} };
const writer = 'writer';

/**
 * The managed fields of `next` after a write that is not an apply. What the write adds or changes goes to its manager's
 * Update entry, whose time becomes `now`; others lose it. An unchanged object keeps the very entries of the live one.
 * Undefined: the object has none, since it had none before or the client reset them.
 */
export function recordUpdate(request: UpdateRequest): ManagedFieldsEntry[] | undefined {
  const { live, next, apiVersion } = request;
  const kept = live?.metadata.managedFields;
  const sent = sentEntries(request, kept);
  const owners = startingOwners(kept, sent, apiVersion);
  if (owners.size === 0 && live !== undefined) return undefined;
  const after = ownersAfterUpdate(owners, live, next, request);
  return after === owners && sent === undefined ? kept : entriesOf(after);
}

/** Entries that the client sent and that are not those of the live object. A subresource cannot set any. */
function sentEntries({ next, subresource }: UpdateRequest, kept: unknown): ManagedFieldsEntry[] | undefined {
  const sent = subresource === undefined ? next.metadata.managedFields : undefined;
  return deepEqual(sent, kept) ? undefined : sent;
}

function entriesOf(owners: Owners): ManagedFieldsEntry[] | undefined {
  return owners.size === 0 ? undefined : writeOwners(owners);
}

/** The owners once `request.manager` has turned `live` into `next`; the same value when nothing changed. */
export function ownersAfterUpdate(owners: Owners, live: KubeObject | undefined, next: Draft, request: WriteBy): Owners {
  const change = compareFields(request.schema, (live ?? nothing) as Json, next as unknown as Json);
  const rest = takeOver(owners, writer, change);
  const fields = union(change.modified, change.added);
  if (isEmptySet(fields)) return rest;
  return capUpdates(withClaim(rest, updaterOf(request, fields)));
}

function updaterOf(request: WriteBy, fields: Owner['fields']): Owner {
  const { manager, apiVersion, subresource, now } = request;
  return { manager, operation: 'Update', apiVersion, subresource, time: formatTimestamp(now), fields };
}
