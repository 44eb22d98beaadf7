import type { ApiClient } from '#edge/api';
import { reportsIn, workloadInstanceKind, type InstanceReport, type WorkloadInstance } from '#model/resources';

/** What the instances of a Workload report, by their names. */
export async function reportsOf(
  client: ApiClient,
  namespace: string,
  workload: string,
): Promise<ReadonlyMap<string, InstanceReport>> {
  const fieldSelector = `spec.workloadRef.name=${workload}`;
  const { items } = await client.list<WorkloadInstance>(workloadInstanceKind, { namespace, fieldSelector });
  return reportsIn(items);
}
