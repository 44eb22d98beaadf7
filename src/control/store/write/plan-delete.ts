import { formatTimestamp } from '#model/objects';
import type { KubeObject, ObjectMeta } from '#model/objects';
import { conflict } from '../failures.ts';
import { guardChange } from './admit-object.ts';
import type { DeleteOptions } from '../resource-store.ts';
import { finalizersFor, isHeld } from './finalizers.ts';
import { withTerminatingPhase } from './namespace-rules.ts';
import type { Plan, WriteContext } from './plan.ts';

/** Decides about a delete: at once, or marked and held by finalizers. Fails with conflict and forbidden. */
export function planDelete(context: WriteContext, live: KubeObject, options: DeleteOptions): Plan {
  checkPreconditions(context, live, options);
  guardChange(context, undefined, live);
  const finalizers = finalizersFor(live.metadata.finalizers ?? [], options.propagation);
  const next = withFinalizers(live, finalizers);
  if (!isHeld(next)) return { change: 'delete' };
  if (live.metadata.deletionTimestamp === undefined) return { change: 'put', object: markDeleted(next, context.now) };
  return next === live ? { change: 'none', object: live } : { change: 'put', object: next };
}

function checkPreconditions(
  { prepared }: WriteContext,
  live: KubeObject,
  { uid, resourceVersion }: DeleteOptions,
): void {
  const { metadata } = live;
  if (uid !== undefined && uid !== metadata.uid) {
    const mismatch = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid})`;
    const reason = `${mismatch}. The object might have been deleted and then recreated`;
    throw conflict(prepared.kind, metadata.name, reason);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const mismatch = `the ResourceVersion in the precondition (${resourceVersion}) does not match`;
    const reason = `${mismatch} the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    throw conflict(prepared.kind, metadata.name, reason);
  }
}

function withFinalizers(live: KubeObject, finalizers: string[]): KubeObject {
  const before = live.metadata.finalizers ?? [];
  if (before.length === finalizers.length && before.every((one, index) => one === finalizers[index])) return live;
  const { finalizers: _finalizers, ...rest } = live.metadata;
  return { ...live, metadata: { ...rest, ...(finalizers.length > 0 && { finalizers }) } };
}

function markDeleted(object: KubeObject, now: Date): KubeObject {
  const { generation } = object.metadata;
  const metadata: ObjectMeta = {
    ...object.metadata,
    ...(generation !== undefined && { generation: generation + 1 }),
    deletionTimestamp: formatTimestamp(now),
    deletionGracePeriodSeconds: 0,
  };
  return withTerminatingPhase({ ...object, metadata });
}
