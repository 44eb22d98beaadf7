import { list, map, scalar, unowned, untyped, type FieldSchema, type MapSchema } from './schema-nodes.ts';

function all(names: readonly string[], schema: FieldSchema): (readonly [string, FieldSchema])[] {
  return names.map((name) => [name, schema] as const);
}

const ownerReference = map(
  new Map(all(['apiVersion', 'blockOwnerDeletion', 'controller', 'kind', 'name', 'uid'], scalar)),
  untyped,
  true,
);

const identity = [
  'clusterName',
  'creationTimestamp',
  'generation',
  'managedFields',
  'name',
  'namespace',
  'resourceVersion',
  'selfLink',
  'uid',
];

const ownable = map(
  new Map([
    ...all(identity, unowned),
    ...all(['deletionGracePeriodSeconds', 'deletionTimestamp', 'generateName'], scalar),
    ['annotations', map(new Map(), scalar)],
    ['labels', map(new Map(), scalar)],
    ['finalizers', list(scalar, 'set')],
    ['ownerReferences', list(ownerReference, 'map', ['uid'])],
  ]),
  untyped,
);

/**
 * Ownership in `metadata`, the same for all kinds (apimachinery's ObjectMeta): finalizers are a set, owner references
 * go by uid and are owned whole, and the server's own bookkeeping belongs to nobody.
 */
export const objectMetaSchema: MapSchema = { ...ownable, permanent: true };

/** The fields of the object that are not its own to give away. */
export const envelopeFields: readonly (readonly [string, FieldSchema])[] = [
  ['apiVersion', unowned],
  ['kind', unowned],
  ['metadata', objectMetaSchema],
];
