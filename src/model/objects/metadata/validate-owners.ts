import type { FieldError } from '../field-error.ts';
import type { OwnerReference } from '../object.ts';

const field = 'metadata.ownerReferences';

/** Owner references name their owner whole, are no Events, and at most one of them controls. */
export function validateOwners(references: readonly OwnerReference[]): FieldError[] {
  return [...references.flatMap(validateReference), ...validateControllers(references)];
}

function validateReference(reference: OwnerReference): FieldError[] {
  const errors: FieldError[] = [];
  if (versionOf(reference) === '') errors.push(empty('apiVersion', 'version must not be empty'));
  for (const name of ['kind', 'name', 'uid'] as const) {
    if ((reference[name] ?? '') === '') errors.push(empty(name, 'must not be empty'));
  }
  if (reference.apiVersion !== 'v1' || reference.kind !== 'Event') return errors;
  const detail = '/v1, Kind=Event is disallowed from being an owner';
  return [...errors, { type: 'FieldValueInvalid', field, value: { ...reference }, detail }];
}

function versionOf({ apiVersion = '' }: Partial<OwnerReference>): string {
  return apiVersion.split('/').at(-1)!;
}

function empty(name: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field: `${field}.${name}`, value: '', detail };
}

function validateControllers(references: readonly OwnerReference[]): FieldError[] {
  const [first, second] = references.filter((reference) => reference.controller === true);
  if (first === undefined || second === undefined) return [];
  const names = `${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
  return [{ type: 'FieldValueInvalid', field, value: references.map((reference) => ({ ...reference })), detail }];
}
