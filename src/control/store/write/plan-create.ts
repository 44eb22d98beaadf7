import { CodedError } from '#errors';
import { dnsSubdomainProblems, generateName, recordUpdate } from '#model/objects';
import type { Draft, FieldError, KubeObject, ManagedFieldsEntry } from '#model/objects';
import { alreadyExists, forbidden } from '../failures.ts';
import { admitObject, invalid } from './admit-object.ts';
import { newMetadata, withManagedFields } from './next-metadata.ts';
import type { Plan, WriteContext } from './plan.ts';

/** What a create depends on. */
export interface CreateSnapshot {
  /** The name under which the object is to be created. */
  readonly name: string;
  readonly live: KubeObject | undefined;
  /** The namespace as it is; left out for cluster-scoped kinds. */
  readonly namespace?: KubeObject | undefined;
}

/** The name a new object gets: its own, or one made from `generateName`. Fails with invalid when it has neither. */
export function nameOfNew(context: WriteContext, body: Draft, random: (below: number) => number): string {
  const { name, generateName: base } = body.metadata;
  if (name !== undefined && name !== '') return checkedName(context, name);
  if (base !== undefined && base !== '') return checkedName(context, generateName(base, random));
  const detail = 'name or generateName is required';
  throw invalid(context, '', [{ type: 'FieldValueRequired', field: 'metadata.name', detail }]);
}

/** A name becomes part of a key, and so is checked before everything else. */
function checkedName(context: WriteContext, name: string): string {
  const errors = dnsSubdomainProblems(name).map((detail): FieldError => {
    return { type: 'FieldValueInvalid', field: 'metadata.name', value: name, detail };
  });
  if (errors.length > 0) throw invalid(context, name, errors);
  return name;
}

/** Decides about an accepted draft of a new object. Status is dropped unless the writer may set it. */
export function planCreate(context: WriteContext, draft: Draft, snapshot: CreateSnapshot): Plan {
  checkNoRevision(draft);
  if (snapshot.live !== undefined) throw alreadyExists(context.prepared.kind, snapshot.name);
  const object = newObject(context, draft, snapshot);
  return { change: 'put', object: withManagedFields(object, fieldsOfNew(context, object)) };
}

/** The same for an object that server-side apply creates: its managed fields are made already. */
export function planCreateApplied(context: WriteContext, draft: Draft, snapshot: CreateSnapshot): Plan {
  return { change: 'put', object: newObject(context, draft, snapshot) };
}

function newObject(context: WriteContext, draft: Draft, { name, namespace }: CreateSnapshot): KubeObject {
  const { prepared, options, now, newUid } = context;
  const { kind } = prepared;
  if (kind.namespaced) checkNamespace(context, name, namespace);
  const { status, ...rest } = draft as Draft & { status?: unknown };
  const keepsStatus = options.withStatus === true || !kind.hasStatus;
  const metadata = newMetadata(draft.metadata, { name, uid: newUid(), now, hasGeneration: kind.hasGeneration });
  return admitObject(context, { ...rest, metadata, ...(keepsStatus && status !== undefined && { status }) }, undefined);
}

function checkNamespace(context: WriteContext, name: string, namespace: KubeObject | undefined): void {
  if (namespace === undefined) {
    throw new CodedError('not-found', `namespaces ${JSON.stringify(context.namespace)} not found`, {
      field: 'metadata.namespace',
      hint: 'Create the namespace first.',
    });
  }
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const reason = `unable to create new content in namespace ${context.namespace} because it is being terminated`;
  throw forbidden(context.prepared.kind, name, reason);
}

function fieldsOfNew({ prepared, options, now }: WriteContext, next: KubeObject): ManagedFieldsEntry[] | undefined {
  const { apiVersion, fields: schema } = prepared;
  return recordUpdate({ live: undefined, next, manager: options.manager, apiVersion, schema, now });
}

/** Fails with bad-request when the draft of a new object claims to be of some revision. */
export function checkNoRevision({ metadata: { resourceVersion } }: Draft): void {
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') return;
  throw new CodedError('bad-request', 'resourceVersion should not be set on objects to be created', {
    field: 'metadata.resourceVersion',
  });
}
