import type { FieldError } from '#model/objects';
import type { CertificateSpec } from '../certificate-spec.ts';
import { invalid } from './field-errors.ts';
import { isRange } from './ip.ts';

/** Name constraints belong to CA certificates, and must constrain something. */
export function validateNameConstraints({ nameConstraints, isCA }: CertificateSpec): FieldError[] {
  if (nameConstraints === undefined) return [];
  const path = 'spec.nameConstraints';
  const { permitted, excluded } = nameConstraints;
  const errors: FieldError[] = [];
  if (isCA !== true) errors.push(invalid(path, nameConstraints, 'isCa should be true when nameConstraints is set'));
  if (permitted === undefined && excluded === undefined) {
    errors.push(invalid(path, nameConstraints, 'either permitted or excluded must be set'));
  }
  return [
    ...errors,
    ...rangeErrors(`${path}.permitted.ipRanges`, permitted?.ipRanges),
    ...rangeErrors(`${path}.excluded.ipRanges`, excluded?.ipRanges),
  ];
}

function rangeErrors(path: string, ranges: readonly string[] = []): FieldError[] {
  return ranges.flatMap((range, index) =>
    isRange(range) ? [] : [invalid(`${path}[${index}]`, range, 'invalid CIDR address')],
  );
}
