import type { ApiClient } from '#edge/api';
import {
  refTerm,
  reportsIn,
  workloadInstanceKind,
  workloadKind,
  type InstanceReport,
  type Workload,
  type WorkloadInstance,
} from '#model/resources';

/** A Workload with what its instances report, by their names. */
export interface ReportedWorkload {
  readonly workload: Workload;
  readonly reports: ReadonlyMap<string, InstanceReport>;
}

/** Every Workload that may be seen. */
export async function reportedWorkloads(client: ApiClient): Promise<ReportedWorkload[]> {
  const [workloads, instances] = await Promise.all([
    Array.fromAsync(client.each<Workload>(workloadKind)),
    Array.fromAsync(client.each<WorkloadInstance>(workloadInstanceKind)),
  ]);
  const byWorkload = Map.groupBy(instances, ({ metadata, spec }) => refTerm(spec.workloadRef, metadata.namespace));
  return workloads.map((workload) => {
    const own = byWorkload.get(refTerm(workload.metadata, undefined)) ?? [];
    return { workload, reports: reportsIn(own) };
  });
}
