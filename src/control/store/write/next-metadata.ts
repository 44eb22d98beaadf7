import { formatTimestamp } from '#model/objects';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '#model/objects';

/** Metadata of a new object: what the client may say, and what only the store does. */
export function newMetadata(
  sent: Partial<ObjectMeta>,
  made: { readonly name: string; readonly uid: string; readonly now: Date; readonly hasGeneration: boolean },
): ObjectMeta {
  const { generateName, namespace, managedFields } = sent;
  return {
    name: made.name,
    ...(generateName !== undefined && generateName !== '' && { generateName }),
    ...(namespace !== undefined && { namespace }),
    uid: made.uid,
    resourceVersion: '',
    ...(made.hasGeneration && { generation: 1 }),
    creationTimestamp: formatTimestamp(made.now),
    ...clientPart(sent),
    ...(managedFields !== undefined && { managedFields }),
  };
}

/** Metadata of an updated object: labels and the like as sent, everything that only the store sets as it is. */
export function updatedMetadata(live: ObjectMeta, sent: Partial<ObjectMeta>): ObjectMeta {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, managedFields, ...kept } = live;
  const fields = sent.managedFields ?? managedFields;
  return { ...kept, ...clientPart(sent), ...(fields !== undefined && { managedFields: fields }) };
}

/** An empty map or list says nothing, and is left out so that it cannot count as a change. */
function clientPart({ labels, annotations, finalizers, ownerReferences }: Partial<ObjectMeta>): Partial<ObjectMeta> {
  return {
    ...(hasEntries(labels) && { labels }),
    ...(hasEntries(annotations) && { annotations }),
    ...(hasEntries(finalizers) && { finalizers }),
    ...(hasEntries(ownerReferences) && { ownerReferences }),
  };
}

function hasEntries(value: object | undefined | null): boolean {
  return value !== undefined && value !== null && Object.keys(value).length > 0;
}

/** The object with these managed fields; itself when it has them already. */
export function withManagedFields(object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
  if (managedFields === object.metadata.managedFields) return object;
  const { managedFields: _replaced, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields !== undefined && { managedFields }) } };
}
