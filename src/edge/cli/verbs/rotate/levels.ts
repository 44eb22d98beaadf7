import { refTerm, type InstanceReport, type Workload } from '#model/resources';
import { hasReached } from '#model/workloads';
import { ackLevels, type AckLevel } from '#model/rotation';
import type { ReportedWorkload } from './reported-workload.ts';

/** How far a Workload is: of all materials of all its instances that serve, those that have reached each level. */
export interface WorkloadLevels {
  readonly workload: string;
  readonly wanted: number;
  readonly reached: Readonly<Record<AckLevel, number>>;
}

/** The levels of what is wanted now; a report about an earlier generation, or from before a restart, counts for nothing. */
export function levelsOf({ workload, reports }: ReportedWorkload): WorkloadLevels {
  const { metadata, spec, status } = workload;
  const wanted = status?.materials ?? [];
  const serving = servingReports(spec.instances ?? [], reports);
  const pairs = serving.flatMap((report) => wanted.map((one) => ({ report, one })));
  const at = (level: AckLevel): [AckLevel, number] => [
    level,
    pairs.filter(({ report, one }) => hasReached(report, one, level)).length,
  ];
  const reached = Object.fromEntries(ackLevels.map(at)) as Record<AckLevel, number>;
  return { workload: refTerm(metadata, undefined), wanted: pairs.length, reached };
}

type Declared = NonNullable<Workload['spec']['instances']>;

function servingReports(declared: Declared, reports: ReportedWorkload['reports']): InstanceReport[] {
  const byName = new Map(reports);
  for (const { name, quarantined } of declared) {
    if (quarantined === true) byName.delete(name);
    else if (!byName.has(name)) byName.set(name, { name });
  }
  return [...byName.values()];
}
