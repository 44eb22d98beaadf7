import type { FieldError } from '#model/objects';
import type { InstanceReport, MaterialReport, WantedMaterial } from '../fields/material-report.ts';
import type { Workload } from '../workload.ts';
import { forbidden } from './field-errors.ts';

/** What an instance must have reached before it may serve; the rule that the model of rotations is checked with. */
const levels = ['persisted', 'proven', 'exclusive'] as const;

/**
 * An instance that was quarantined returns only with everything of the current generation: no rotation has waited for it,
 * so it may still trust, or present, what others refuse by now.
 */
export function validateReturns(next: Workload, previous: Workload | undefined): FieldError[] {
  if (previous === undefined || previous.spec.external === true) return [];
  const quarantined = new Set(namesOf(next, true));
  return namesOf(previous, true)
    .filter((name) => !quarantined.has(name))
    .flatMap((name) => {
      const behind = behindOf(previous, name, isDeclared(next, name));
      return behind === undefined ? [] : [forbidden(fieldOf(next, name), `${name} cannot serve yet: ${behind}`)];
    });
}

const namesOf = ({ spec }: Workload, isQuarantined: boolean): string[] =>
  (spec.instances ?? []).filter((one) => (one.quarantined ?? false) === isQuarantined).map(({ name }) => name);

const isDeclared = ({ spec }: Workload, name: string): boolean =>
  spec.instances?.some((one) => one.name === name) ?? false;

function fieldOf({ spec }: Workload, name: string): string {
  const index = (spec.instances ?? []).findIndex((one) => one.name === name);
  return index === -1 ? 'spec.instances' : `spec.instances[${index}].quarantined`;
}

/** Who is declared no more, and does not report either, is gone: it does not return. */
function behindOf({ spec, status = {} }: Workload, name: string, isDeclaredNext: boolean): string | undefined {
  const report = status.instances?.find((one) => one.name === name);
  if (report === undefined) {
    return isDeclaredNext ? 'it has reported nothing. Start the agent or the node there, and try again' : undefined;
  }
  const known = status.materials ?? [];
  const unknown = [...(spec.presents ?? []), ...(spec.trusts ?? [])].find((one) => !isKnown(known, one.name));
  if (unknown !== undefined) {
    return `what it shall have of "${unknown.name}" is not known. Look at the conditions of the Workload`;
  }
  return known.map((wanted) => lackOf(report, wanted)).find((lack) => lack !== undefined);
}

const isKnown = (known: readonly WantedMaterial[], name: string): boolean => known.some((one) => one.name === name);

function lackOf(report: InstanceReport, wanted: WantedMaterial): string | undefined {
  const material = report.materials?.find((one) => one.name === wanted.name && one.kind === wanted.kind);
  const level = levels.find((one) => !hasReached(report, material, wanted, one));
  if (level === undefined) return undefined;
  const why = material?.message === undefined ? '' : ` (${material.message})`;
  return `"${wanted.name}" is not ${level} in generation ${wanted.generation}${why}. Try again when status.instances says so`;
}

function hasReached(
  { startedTime }: InstanceReport,
  material: MaterialReport | undefined,
  wanted: WantedMaterial,
  level: (typeof levels)[number],
): boolean {
  const mark = material?.[level];
  if (mark === undefined || mark.digest !== wanted.digest || mark.generation < wanted.generation) return false;
  return startedTime === undefined || Date.parse(mark.at) >= Date.parse(startedTime);
}
