import type { KubeObject } from '#model/objects';
import type { DeleteOptions } from '../resource-store.ts';
import { namespaceFinalizers } from './namespace-rules.ts';

/** Keeps an owner until its dependents are gone. */
export const foregroundFinalizer = 'foregroundDeletion';
/** Keeps an owner until its dependents have been told that they have none any more. */
export const orphanFinalizer = 'orphan';

/** Whether something must still be done before the object may go: finalizers, and a namespace's own list in its spec. */
export function isHeld(object: KubeObject): boolean {
  return (object.metadata.finalizers?.length ?? 0) > 0 || namespaceFinalizers(object).length > 0;
}

/** The finalizers of an object whose deletion was asked for with this propagation; without one they stay as they are. */
export function finalizersFor(current: readonly string[], propagation: DeleteOptions['propagation']): string[] {
  if (propagation === undefined) return [...current];
  const others = current.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer);
  if (propagation === 'Orphan') return [...others, orphanFinalizer];
  return propagation === 'Foreground' ? [...others, foregroundFinalizer] : others;
}
