import Type from 'typebox';
import type { ObjectMeta } from '#model/objects';
import { anyText, flag, int64, list, listMap, mapOf, openObject, set, text, time } from './field.ts';

const ownerReference = Type.Object(
  {
    apiVersion: text('API version of the owner.'),
    kind: text('Kind of the owner.'),
    name: text('Name of the owner.'),
    uid: text('UID of the owner; an object of the same name with another UID is not the owner.'),
    controller: Type.Optional(flag('Whether the owner is the controller that manages this object.')),
    blockOwnerDeletion: Type.Optional(
      flag('Whether foreground deletion of the owner waits until this object is gone.'),
    ),
  },
  {
    'x-kubernetes-map-type': 'atomic',
    description: 'An object in the same namespace, or cluster scoped, that owns this one.',
  },
);

const managedFieldsEntry = Type.Object(
  {
    manager: Type.Optional(text('Who manages these fields.')),
    operation: Type.Optional(text('Apply or Update.')),
    apiVersion: Type.Optional(text('API version that the field set is written in.')),
    time: Type.Optional(time('When the field set last changed.')),
    fieldsType: Type.Optional(text('Always FieldsV1.')),
    fieldsV1: Type.Optional(openObject('The field set.')),
    subresource: Type.Optional(text('The subresource that was written, empty for the object itself.')),
  },
  { description: 'The fields that one manager owns.' },
);

/**
 * `metadata` of every kind. Clients may send any part of it; the store completes it, which is why the type says complete
 * and the schema requires nothing.
 */
export const objectMetaSchema = Type.Unsafe<ObjectMeta>(
  Type.Object(
    {
      name: Type.Optional(text('Name, unique among objects of the kind in the namespace. Cannot be changed.')),
      generateName: Type.Optional(text('Prefix from which the server makes a unique name when `name` is not given.')),
      namespace: Type.Optional(text('Namespace; empty for cluster-scoped kinds. Cannot be changed.')),
      selfLink: Type.Optional(text('Accepted from old clients and ignored.')),
      uid: Type.Optional(text('Tells this object from every other that ever had its name. Set by the server.')),
      resourceVersion: Type.Optional(
        text('Version of the object, opaque. Sent with an update, it refuses the update when the object has changed.'),
      ),
      generation: Type.Optional(int64('Counts the changes of the desired state. Set by the server.')),
      creationTimestamp: Type.Optional(time('When the object was created. Set by the server.')),
      deletionTimestamp: Type.Optional(
        time('When deletion was asked for; the object is gone once its finalizers are. Set by the server.'),
      ),
      deletionGracePeriodSeconds: Type.Optional(int64('Accepted and kept; no kind waits.')),
      labels: Type.Optional(mapOf(anyText, 'Short key and value pairs by which objects are selected.')),
      annotations: Type.Optional(mapOf(anyText, 'Free key and value pairs, 256 KiB in all.')),
      finalizers: Type.Optional({
        ...set(anyText, 'What must still be done before the object may go; deletion waits until it is empty.'),
        'x-kubernetes-patch-strategy': 'merge',
      }),
      ownerReferences: Type.Optional({
        ...listMap(ownerReference, ['uid'], 'The owners. When the last one is gone, this object is collected.'),
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      }),
      managedFields: Type.Optional(list(managedFieldsEntry, 'Who set which field; kept by the server.')),
    },
    { description: 'Standard object metadata.' },
  ),
);
