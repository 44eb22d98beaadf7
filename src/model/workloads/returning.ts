import type { InstanceReport, QuarantinedInstance, WantedMaterial, Workload } from '#model/resources';
import type { Reports } from './instance-progress.ts';
import { hasReached, materialIn } from './reached.ts';

/** What an instance must have reached before it may serve; the rule that the model of rotations is checked with. */
const levels = ['persisted', 'proven', 'exclusive'] as const;

/** Of each instance that serves nobody, what it lacks of what is wanted now. */
export function quarantinedInstances(
  { spec }: Workload,
  reports: Reports,
  wanted: readonly WantedMaterial[],
): QuarantinedInstance[] {
  const entries = [...(spec.presents ?? []), ...(spec.trusts ?? [])];
  const unknown = entries.find(({ name }) => wanted.every((one) => one.name !== name));
  return (spec.instances ?? [])
    .filter(({ quarantined }) => quarantined === true)
    .map(({ name }) => returningOf(name, lackOf(reports.get(name), unknown?.name, wanted), reports.has(name)));
}

const returningOf = (name: string, lacks: string | undefined, reported: boolean): QuarantinedInstance =>
  lacks === undefined ? { name, reported } : { name, reported, lacks };

function lackOf(
  report: InstanceReport | undefined,
  unknown: string | undefined,
  wanted: readonly WantedMaterial[],
): string | undefined {
  if (report === undefined) return 'it has reported nothing. Start the agent or the node there, and try again';
  if (unknown !== undefined) {
    return `what it shall have of "${unknown}" is not known. Look at the conditions of the Workload`;
  }
  return wanted.map((one) => materialLack(report, one)).find((lack) => lack !== undefined);
}

function materialLack(report: InstanceReport, wanted: WantedMaterial): string | undefined {
  const level = levels.find((one) => !hasReached(report, wanted, one));
  if (level === undefined) return undefined;
  const message = materialIn(report, wanted)?.message;
  const why = message === undefined ? '' : ` (${message})`;
  return `"${wanted.name}" is not ${level} in generation ${wanted.generation}${why}. Try again when its WorkloadInstance says so`;
}
