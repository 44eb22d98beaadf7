import { CodedError } from '#errors';
import { equalIgnoringManagedFieldTimes, recordUpdate } from '#model/objects';
import type { Draft, KubeObject, ManagedFieldsEntry } from '#model/objects';
import { conflict, modifiedMeanwhile } from '../failures.ts';
import { admitObject } from './admit-object.ts';
import { isHeld } from './finalizers.ts';
import { changesDesiredState } from './generation.ts';
import { updatedMetadata, withManagedFields } from './next-metadata.ts';
import type { Plan, WriteContext } from './plan.ts';

type WithStatus<T> = T & { status?: unknown };

/** Decides about an accepted draft of the object `live`. Fails with conflict when the draft is of another revision. */
export function planUpdate(context: WriteContext, draft: Draft, live: KubeObject): Plan {
  checkIdentity(context, draft, live);
  const next = admitNext(context, draft, live);
  return settle(live, withManagedFields(next, fieldsOf(context, next, live)));
}

/** The same for the result of a server-side apply, which has its managed fields already. */
export function planUpdateApplied(context: WriteContext, merged: Draft, live: KubeObject): Plan {
  return settle(live, admitNext(context, merged, live));
}

/** Fails unless the draft is of that very object, in that revision if it names one. */
export function checkIdentity({ prepared }: WriteContext, draft: Draft, live: KubeObject): void {
  const { name, uid, resourceVersion } = draft.metadata;
  if (name !== undefined && name !== live.metadata.name) {
    throw new CodedError(
      'bad-request',
      `the name of the object (${name}) does not match the name on the URL (${live.metadata.name})`,
      { field: 'metadata.name' },
    );
  }
  if (uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
    const reason = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
    throw conflict(prepared.kind, live.metadata.name, reason);
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return;
  if (resourceVersion !== live.metadata.resourceVersion) throw modifiedMeanwhile(prepared.kind, live.metadata.name);
}

function admitNext(context: WriteContext, draft: Draft, live: KubeObject): KubeObject {
  const merged = context.options.subresource === 'status' ? statusOnly(draft, live) : mainOnly(context, draft, live);
  return withGeneration(context, admitObject(context, merged, live), live);
}

/** Through `/status` only the status changes. */
function statusOnly(draft: WithStatus<Draft>, live: KubeObject): Draft {
  const { status: _status, ...rest } = live as WithStatus<KubeObject>;
  const { managedFields } = draft.metadata;
  const kept = managedFields === undefined ? rest : withManagedFields(rest, managedFields);
  return { ...kept, ...(draft.status !== undefined && { status: draft.status }) };
}

/** Everywhere else everything but the status does. */
function mainOnly({ prepared, options }: WriteContext, draft: WithStatus<Draft>, live: WithStatus<KubeObject>): Draft {
  const metadata = updatedMetadata(live.metadata, draft.metadata);
  if (!prepared.kind.hasStatus || options.withStatus === true) return { ...draft, metadata };
  const { status: _status, ...rest } = draft;
  return { ...rest, metadata, ...(live.status !== undefined && { status: live.status }) };
}

function withGeneration({ prepared, options }: WriteContext, next: KubeObject, live: KubeObject): KubeObject {
  const isCounted = prepared.kind.hasGeneration && options.subresource === undefined;
  if (!isCounted || !changesDesiredState(live, next)) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 1) + 1 } };
}

function fieldsOf(
  { prepared, options, now }: WriteContext,
  next: KubeObject,
  live: KubeObject,
): ManagedFieldsEntry[] | undefined {
  const { manager, subresource } = options;
  const { apiVersion, fields: schema } = prepared;
  return recordUpdate({ live, next, manager, apiVersion, schema, now, subresource });
}

/** An unchanged object is not written; one that is being deleted goes with its last finalizer. */
function settle(live: KubeObject, next: KubeObject): Plan {
  if (live.metadata.deletionTimestamp !== undefined && !isHeld(next)) return { change: 'delete', object: next };
  if (equalIgnoringManagedFieldTimes(live, next)) return { change: 'none', object: live };
  return { change: 'put', object: next };
}
