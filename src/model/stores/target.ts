import { systemNamespace } from '#model/resources';
import type { ObjectPlace, ObjectRef } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';

/**
 * Where `ref`, held by an object of `namespace`, leads: its own namespace, unless the object belongs to the system
 * namespace, which may name objects anywhere. `what` names the reference in the problem.
 */
export function targetOf(ref: ObjectRef, namespace: string, what: string): Outcome<ObjectPlace> {
  const target = ref.namespace || namespace;
  if (target !== namespace && namespace !== systemNamespace) return failed(foreign(ref, namespace, what));
  return found({ namespace: target, name: ref.name });
}

/** As targetOf, for references to profiles: those of the system namespace may be named from everywhere. */
export function profileTargetOf(ref: ObjectRef, namespace: string, what: string): Outcome<ObjectPlace> {
  if (ref.namespace === systemNamespace) return found({ namespace: systemNamespace, name: ref.name });
  return targetOf(ref, namespace, what);
}

function foreign(ref: ObjectRef, namespace: string, what: string) {
  return {
    reason: 'ForeignNamespace',
    message: `${what} ${ref.namespace}/${ref.name} is in another namespace than ${namespace}`,
    hint: `Name an object of the namespace ${namespace}, or put the referring one into ${systemNamespace}.`,
  } as const;
}
