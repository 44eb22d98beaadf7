import { workloadInstanceKind, workloadInstanceName } from '#model/resources';
import type { InstanceStatus, Workload } from '#model/resources';
import { StatusReporter, type StatusReporterOptions } from './status-reporter.ts';

/** An instance is lost when it gave no sign of life for 90 s. */
const signOfLifeMilliseconds = 30_000;

/** One instance of one Workload. */
export interface InstancePlace {
  readonly namespace: string;
  /** Name of the Workload. */
  readonly name: string;
  /** Entry of `spec.instances`, or a name by which it joins. */
  readonly instance: string;
}

export interface InstanceReporterOptions extends Pick<
  StatusReporterOptions<InstanceStatus>,
  'connection' | 'clock' | 'random' | 'log'
> {
  readonly place: InstancePlace;
  /** The Workload as it was seen last; undefined when there is none. */
  readonly workload: () => Workload | undefined;
  readonly status: () => Omit<InstanceStatus, 'counts'>;
}

/** Keeps the WorkloadInstance of one instance up to date; it goes with its Workload. */
export function reportInstance(options: InstanceReporterOptions): StatusReporter<InstanceStatus> {
  const { place, workload, status } = options;
  const { namespace, instance } = place;
  const name = workloadInstanceName(place.name, instance);
  return new StatusReporter<InstanceStatus>({
    ...options,
    place: { kind: workloadInstanceKind, namespace, name },
    fieldManager: 'chancery-instance',
    signOfLifeMilliseconds,
    declaration: () => {
      const owner = workload();
      if (owner === undefined) return undefined;
      const { apiVersion, kind } = owner;
      const ownerReferences = [{ apiVersion, kind, name: place.name, uid: owner.metadata.uid }];
      return {
        apiVersion,
        kind: 'WorkloadInstance',
        metadata: { name, namespace, ownerReferences },
        spec: { workloadRef: { name: place.name }, instance },
      };
    },
    status: () => withCounts(status()),
  });
}

function withCounts(status: Omit<InstanceStatus, 'counts'>): InstanceStatus {
  const { materials = [] } = status;
  const isProven = ({ desired, proven }: (typeof materials)[number]): boolean =>
    proven !== undefined && proven.digest === desired?.digest && proven.generation === desired?.generation;
  const counts = {
    materials: materials.length,
    proven: materials.filter(isProven).length,
    failing: materials.filter(({ code }) => code !== undefined).length,
  };
  return { ...status, counts };
}
