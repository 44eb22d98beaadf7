import { namespacedTerm } from '#model/resources';
import type { Workload, WorkloadInstance } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { LoopContext } from '../context.ts';

/** The objects of a Workload's instances, in the order of their names. */
export async function instancesOf(
  { store, kinds }: LoopContext,
  { metadata }: Workload,
): Promise<readonly WorkloadInstance[]> {
  const index = { name: 'workload', value: namespacedTerm(metadata.namespace, metadata.name) };
  const { items } = await store.list<WorkloadInstance>({ kind: kinds.workloadInstance }, { index });
  return items;
}

/** Term (`Workload ns/name`) of the Workload that an instance is one of. */
export const workloadOf = ({ metadata: { namespace }, spec }: WorkloadInstance): string =>
  objectTerm('Workload', namespace, spec.workloadRef.name);
