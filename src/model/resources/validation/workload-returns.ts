import type { FieldError } from '#model/objects';
import type { Workload } from '../workload.ts';
import { forbidden } from './field-errors.ts';

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
      const lack = lackOf(previous, name, isDeclared(next, name));
      return lack === undefined ? [] : [forbidden(fieldOf(next, name), `${name} cannot serve yet: ${lack}`)];
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
function lackOf({ metadata, status = {} }: Workload, name: string, isDeclaredNext: boolean): string | undefined {
  const known = status.quarantined?.find((one) => one.name === name);
  if (known === undefined || status.observedGeneration !== metadata.generation) {
    return 'what it has is not known yet. Try again in a moment';
  }
  return known.reported || isDeclaredNext ? known.lacks : undefined;
}
