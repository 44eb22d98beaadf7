import { setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import type { Workload, WorkloadStatus } from '#model/resources';
import type { Problem } from '#model/stores';
import { wantedMaterials } from './desired-materials.ts';
import type { DesiredMaterial } from './desired-materials.ts';
import { instanceProgress } from './instance-progress.ts';
import type { InstanceProgress, Reports } from './instance-progress.ts';
import { quarantinedInstances } from './returning.ts';

/** What is told of a Workload, without what Rotations ask of its instances. */
export type WorkloadVerdict = Omit<WorkloadStatus, 'asked'>;

/**
 * What every instance shall have, how many have it, and whether that is all: Ready once all of them have shown it by a
 * handshake, naming who has not. Conditions of other types stay.
 */
export function workloadStatus(
  workload: Workload,
  reports: Reports,
  desired: readonly DesiredMaterial[],
  now: Date,
): WorkloadVerdict {
  const { generation } = workload.metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const materials = wantedMaterials(desired);
  const instances = instanceProgress(workload, reports, materials, now);
  const quarantined = quarantinedInstances(workload, reports, materials);
  const problem = desired.find((one) => 'problem' in one);
  const ready = { ...readiness(workload, instances, problem && problem.problem), ...observed };
  return {
    ...observed,
    conditions: [...setCondition(workload.status?.conditions, ready, now)],
    materials,
    counts: {
      instances: instances.length,
      loaded: instances.filter(({ isLoaded }) => isLoaded).length,
      proven: instances.filter(({ isProven }) => isProven).length,
    },
    ...(workload.spec.reload?.type === 'restart' ? { behind: behindIn(instances) } : {}),
    ...(quarantined.length === 0 ? {} : { quarantined }),
  };
}

const behindIn = (instances: readonly InstanceProgress[]): string[] =>
  instances.filter(({ isLoaded, lost }) => !isLoaded && lost === undefined).map(({ name }) => name);

function readiness(
  { spec }: Workload,
  instances: readonly InstanceProgress[],
  problem: Problem | undefined,
): ConditionUpdate {
  const type = 'Ready';
  if (problem !== undefined) {
    const message = [problem.message, problem.hint].filter((text) => text !== undefined).join('. ');
    return { type, status: 'False', reason: problem.reason, message };
  }
  if (spec.external === true) {
    const message = 'nothing of this installation runs there; people attest what it has loaded';
    return { type, status: 'True', reason: 'External', message };
  }
  if (instances.length === 0) {
    const message = 'no instance has reported. Start an agent beside it, or declare it external.';
    return { type, status: 'False', reason: 'NoInstances', message };
  }
  const lost = instances.filter((one) => one.lost !== undefined);
  if (lost.length > 0) return { type, status: 'False', reason: 'InstanceLost', message: lostText(lost) };
  const behind = instances.filter(({ isProven }) => !isProven);
  if (behind.length > 0) return { type, status: 'False', reason: 'NotProven', message: behindText(behind) };
  const message = `${instances.length} instance${instances.length === 1 ? '' : 's'} have shown what they shall have`;
  return { type, status: 'True', reason: 'Proven', message };
}

const mostNamed = 5;

function lostText(lost: readonly InstanceProgress[]): string {
  return `no sign of life: ${named(lost, ({ name, lost: { since } = { since: undefined } }) =>
    since === undefined ? `${name} (never)` : `${name} (since ${since})`,
  )}. Start the agents there, or take the instances out of service.`;
}

function behindText(behind: readonly InstanceProgress[]): string {
  return `not shown yet: ${named(behind, ({ name, behind: one }) => {
    const why = one?.message === undefined ? '' : `: ${one.message}`;
    return `${name} (${one?.material ?? ''}${why})`;
  })}`;
}

function named(instances: readonly InstanceProgress[], text: (one: InstanceProgress) => string): string {
  const shown = instances.slice(0, mostNamed).map(text).join(', ');
  return instances.length <= mostNamed ? shown : `${shown} and ${instances.length - mostNamed} more`;
}
