import type { KubeObject, OwnerReference } from '../object.ts';

interface Owned {
  readonly metadata: { readonly ownerReferences?: readonly OwnerReference[] };
}

/** The owner that controls `object`, or undefined. */
export function controllerOf(object: Owned): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether `owner` is among the owners of `object`, told by uid; with `controlling`, whether it is its controller. */
export function isOwnedBy(
  object: Owned,
  owner: { readonly metadata: { readonly uid: string } },
  controlling = false,
): boolean {
  const references = object.metadata.ownerReferences ?? [];
  return references.some((one) => one.uid === owner.metadata.uid && (!controlling || one.controller === true));
}

/** A controlling reference to `owner` that also blocks its foreground deletion, as controllers set it. */
export function ownerReferenceTo(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}
