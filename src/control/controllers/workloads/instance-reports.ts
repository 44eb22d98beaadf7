import { namespacedTerm, reportIn } from '#model/resources';
import type { InstanceReport, Workload, WorkloadInstance } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { LoopContext } from '../context.ts';

/** What the instances of a Workload report, as objects; in the order of their names. */
export async function instancesOf(
  { store, kinds }: LoopContext,
  { metadata }: Workload,
): Promise<readonly WorkloadInstance[]> {
  const index = { name: 'workload', value: namespacedTerm(metadata.namespace, metadata.name) };
  const { items } = await store.list<WorkloadInstance>({ kind: kinds.workloadInstance }, { index });
  return items;
}

/** By the names of instances. */
export const reportsIn = (instances: readonly WorkloadInstance[]): Map<string, InstanceReport> =>
  new Map(instances.map((one) => [one.spec.instance, reportIn(one)]));

/** Term (`Workload ns/name`) of the Workload that an instance is one of. */
export const workloadOf = ({ metadata: { namespace }, spec }: WorkloadInstance): string =>
  objectTerm('Workload', namespace, spec.workloadRef.name);
