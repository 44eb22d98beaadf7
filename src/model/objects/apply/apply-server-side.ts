import { CodedError } from '#errors';
import type { Draft, KubeObject } from '../object.ts';
import { deepEqual } from '../values/json-values.ts';
import { formatTimestamp } from '../values/timestamps.ts';
import { configOf, liveOf } from './apply-input.ts';
import { conflictsOf } from './conflicts.ts';
import { forgiveOwnHistory, refreshLastApplied } from './last-applied.ts';
import { checkLists } from './list-rules.ts';
import { mergeApply, type Applier, type MergeResult } from './merge-apply.ts';
import { ownerId, readOwners, writeOwners, type Owners } from './owners.ts';
import { ownersAfterUpdate } from './record-update.ts';
import type { ApplyOutcome, ApplyRequest, FieldConflict } from './requests.ts';

/**
 * Server-side apply: the live object with the applied configuration merged in, what this manager stated before and
 * states no longer taken out, and the managed fields brought up to date. Conflicts with other managers are an outcome,
 * not an error. Fails with bad-request when the configuration carries managedFields or another version, with invalid
 * when it repeats or does not name the items of a keyed list.
 */
export function applyServerSide<T extends KubeObject>(
  request: ApplyRequest & { readonly applied: Draft<T> },
): ApplyOutcome<T> {
  checkConfig(request);
  const owners = ownersBefore(request);
  const live = liveOf(request.live);
  const config = configOf(request);
  checkLists(request.schema, config, '');
  const merge = (force: boolean): MergeResult =>
    mergeApply(request.schema, live, config, owners, applierOf(request), force);
  const result = merge(request.force);
  const contested = forgiveOwnHistory(request, live, result.contested);
  if (contested.size > 0) return refused(conflictsOf(contested));
  const forced = result.contested.size > 0 ? merge(true) : result;
  return { conflicts: [], object: written(request, forced, owners) as Draft<T> };
}

function checkConfig({ applied, apiVersion }: ApplyRequest): void {
  if (applied.metadata.managedFields !== undefined) {
    throw new CodedError('bad-request', 'metadata.managedFields must be nil', {
      field: 'metadata.managedFields',
      hint: 'Leave managedFields out of what you apply.',
    });
  }
  if (applied.apiVersion === apiVersion) return;
  const versions = `Specified patch version: ${applied.apiVersion}, expected: ${apiVersion}`;
  throw new CodedError('bad-request', `Incorrect version specified in apply patch. ${versions}`, {
    field: 'apiVersion',
    hint: `Write apiVersion: ${apiVersion}.`,
  });
}

function refused(conflicts: FieldConflict[]): { conflicts: [FieldConflict, ...FieldConflict[]]; object: undefined } {
  return { conflicts: conflicts as [FieldConflict, ...FieldConflict[]], object: undefined };
}

/** An object that nobody owns yet belongs to `before-first-apply`, so that a first apply does not take it unasked. */
function ownersBefore(request: ApplyRequest): Owners {
  const owners = readOwners(request.live?.metadata.managedFields, request.apiVersion);
  if (owners.size > 0 || request.live === undefined) return owners;
  return ownersAfterUpdate(owners, undefined, request.live, { ...request, manager: 'before-first-apply' });
}

function applierOf({ manager, apiVersion, subresource }: ApplyRequest): Applier {
  return { manager, operation: 'Apply', apiVersion, subresource };
}

function written(request: ApplyRequest, result: MergeResult, before: Owners): Draft {
  const owners = stamped(request, result, before);
  const object = refreshLastApplied(request, result.object as unknown as Draft);
  const { managedFields: _before, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(owners.size > 0 ? { managedFields: writeOwners(owners) } : {}) } };
}

/** The applier's time changes with the object or with its claim, and only then: applying the same again is no write. */
function stamped(request: ApplyRequest, { changed, owners }: MergeResult, before: Owners): Owners {
  const id = ownerId(applierOf(request));
  const owner = owners.get(id);
  if (owner === undefined) return owners;
  const known = before.get(id);
  const same = !changed && known?.time !== undefined && deepEqual(known.fields, owner.fields);
  return new Map(owners).set(id, { ...owner, time: same ? known.time : formatTimestamp(request.now) });
}
