import { deepEqual } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { AdmissionContext } from '../kind.ts';
import type { Rotation, RotationSpec } from '../rotation.ts';
import { errorLimit, forbidden, invalid, required } from './field-errors.ts';
import { validateRef } from './object-refs.ts';
import { validateOneOf } from './one-of.ts';

const mostAttestations = 500;

/** Every rule that the Rotation breaks. What only the installation can know is found before its first stage. */
export function validateRotation(
  next: Rotation,
  previous: Rotation | undefined,
  { subresource }: AdmissionContext,
): FieldError[] {
  if (subresource !== undefined) return [];
  return [
    ...validateAuthority(next),
    ...validateChoices(next.spec),
    ...validateAttestations(next.spec),
    ...(previous === undefined ? [] : validateChange(next.spec, previous)),
  ].slice(0, errorLimit);
}

function validateAuthority({ metadata, spec }: Rotation): FieldError[] {
  const { secretRef, nextSecretRef } = spec;
  const isItself = nextSecretRef !== undefined && deepEqual(secretRef, nextSecretRef);
  return [
    ...validateOneOf(spec, ['certificateRef', 'secretRef'], 'spec'),
    ...validateRef(metadata, spec.certificateRef, 'spec.certificateRef'),
    ...validateRef(metadata, secretRef, 'spec.secretRef'),
    ...validateRef(metadata, nextSecretRef, 'spec.nextSecretRef'),
    ...(nextSecretRef !== undefined && secretRef === undefined
      ? [forbidden('spec.nextSecretRef', 'a Certificate makes its next CA itself; use it with secretRef only')]
      : []),
    ...(isItself
      ? [invalid('spec.nextSecretRef.name', nextSecretRef.name, 'it is the CA that shall be replaced')]
      : []),
  ];
}

/** Of a CA whose key somebody else may have, nothing can be kept. */
function validateChoices({
  emergency = false,
  key = 'new',
  crossSign = false,
  nextSecretRef,
}: RotationSpec): FieldError[] {
  return [
    ...(emergency && key === 'same'
      ? [invalid('spec.key', 'same', 'a compromised key cannot be kept; leave it out, or leave emergency out')]
      : []),
    ...(emergency && crossSign
      ? [forbidden('spec.crossSign', 'the signature of a compromised CA vouches for nothing; leave it out')]
      : []),
    ...(nextSecretRef !== undefined && key === 'same'
      ? [forbidden('spec.key', 'the key is the one in nextSecretRef; leave it out')]
      : []),
  ];
}

function validateAttestations({ attestations = [] }: RotationSpec): FieldError[] {
  if (attestations.length > mostAttestations) {
    return [forbidden('spec.attestations', `at most ${mostAttestations} are allowed`)];
  }
  return attestations.flatMap(({ consumer, by }, index) => {
    const path = `spec.attestations[${index}]`;
    return [
      ...(consumer.trim() === '' ? [required(`${path}.consumer`, 'name who trusts the CA')] : []),
      ...(by.trim() === '' ? [required(`${path}.by`, 'name who vouches for it')] : []),
    ];
  });
}

const fixed = ['certificateRef', 'secretRef', 'nextSecretRef', 'key', 'subject', 'crossSign'] as const;

/** What has begun goes on as it began; it can be hurried, held, and, up to a point, taken back. */
function validateChange(next: RotationSpec, { spec, status }: Rotation): FieldError[] {
  if (status?.stage === undefined) return [];
  const changed = fixed.filter((field) => !deepEqual(next[field], spec[field]));
  return [
    ...changed.map((field) => forbidden(`spec.${field}`, 'the rotation has begun; roll it back, and start another')),
    ...(spec.emergency === true && next.emergency !== true
      ? [forbidden('spec.emergency', 'the rotation has begun as an emergency, and ends as one')]
      : []),
    ...validateRollback(next, spec, status),
  ];
}

const tooLate: readonly string[] = ['Distrust', 'Flush'];

function validateRollback(
  next: RotationSpec,
  spec: RotationSpec,
  status: NonNullable<Rotation['status']>,
): FieldError[] {
  const field = 'spec.rollback';
  if (spec.rollback === true && next.rollback !== true) {
    return status.completedTime === undefined
      ? [forbidden(field, 'it is on its way back; start another after it')]
      : [];
  }
  if (next.rollback !== true || spec.rollback === true) return [];
  if (status.completedTime !== undefined) return [forbidden(field, 'it is over; start another rotation')];
  if (!tooLate.includes(status.stage ?? '')) return [];
  return [forbidden(field, `the old CA is distrusted (stage ${status.stage}); start another rotation after this one`)];
}

/** What will break, and what counts for nothing any more. */
export function warnOfRotation({ spec }: Rotation, now: Date): string[] {
  const { emergency = false, rollback = false, attestations = [] } = spec;
  const expired = attestations.flatMap(({ consumer, until }, index) =>
    new Date(until) < now ? [`spec.attestations[${index}]: that of ${consumer} counted until ${until} only`] : [],
  );
  const first = 'spec.emergency: the old CA is distrusted first; what has no new certificate by then cannot connect';
  return [...(emergency && !rollback ? [first] : []), ...expired].slice(0, 20);
}
