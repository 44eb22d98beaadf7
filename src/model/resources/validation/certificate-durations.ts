import type { FieldError } from '#model/objects';
import type { CertificateSpec } from '../certificate-spec.ts';
import { formatGoDuration, parseGoDuration } from '../go-duration.ts';
import { invalid } from './field-errors.ts';
import { durationErrors } from './go-durations.ts';

const minute = 60_000;
const hour = 60 * minute;
const defaultDuration = 2160 * hour;
const shortestDuration = hour;
const shortestRenewBefore = 5 * minute;

const exclusive = 'renewBefore and renewBeforePercentage are mutually exclusive and cannot both be set';

/**
 * Rules between `duration`, `renewBefore` and `renewBeforePercentage`. As in cert-manager they are skipped when neither
 * duration nor renewBefore is set, so that a percentage alone is never refused.
 */
export function validateDurations(spec: CertificateSpec): FieldError[] {
  const unreadable = [
    ...durationErrors(spec.duration, 'spec.duration'),
    ...durationErrors(spec.renewBefore, 'spec.renewBefore'),
  ];
  if (unreadable.length > 0) return unreadable;
  if (spec.duration === undefined && spec.renewBefore === undefined) return [];
  const duration = spec.duration === undefined ? defaultDuration : parseGoDuration(spec.duration);
  return [
    ...tooShort(duration),
    ...bothSet(spec),
    ...renewBeforeErrors(spec, duration),
    ...percentageErrors(spec, duration),
  ];
}

function tooShort(duration: number): FieldError[] {
  if (duration >= shortestDuration) return [];
  const detail = `certificate duration must be greater than ${formatGoDuration(shortestDuration)}`;
  return [invalid('spec.duration', formatGoDuration(duration), detail)];
}

function bothSet({ renewBefore, renewBeforePercentage }: CertificateSpec): FieldError[] {
  if (renewBefore === undefined || renewBeforePercentage === undefined) return [];
  return [
    invalid('spec.renewBefore', formatGoDuration(parseGoDuration(renewBefore)), exclusive),
    invalid('spec.renewBeforePercentage', renewBeforePercentage, exclusive),
  ];
}

function renewBeforeErrors(spec: CertificateSpec, duration: number): FieldError[] {
  if (spec.renewBefore === undefined) return [];
  const renewBefore = parseGoDuration(spec.renewBefore);
  const text = formatGoDuration(renewBefore);
  const refuse = (detail: string) => invalid('spec.renewBefore', text, `certificate ${detail}`);
  const errors: FieldError[] = [];
  if (renewBefore < shortestRenewBefore) {
    errors.push(refuse(`renewBefore must be greater than ${formatGoDuration(shortestRenewBefore)}`));
  }
  if (renewBefore >= duration) {
    errors.push(refuse(`duration ${formatGoDuration(duration)} must be greater than renewBefore ${text}`));
  }
  return errors;
}

/** The renewBefore computed here is the inverse of what renewing uses; cert-manager accepts exactly these values. */
function percentageErrors({ renewBeforePercentage }: CertificateSpec, duration: number): FieldError[] {
  if (renewBeforePercentage === undefined) return [];
  const renewBefore = (duration * (100 - renewBeforePercentage)) / 100;
  const refuse = (limit: string) =>
    invalid(
      'spec.renewBeforePercentage',
      renewBeforePercentage,
      `certificate renewBeforePercentage must result in a renewBefore ${limit}`,
    );
  return [
    ...(renewBefore < shortestRenewBefore ? [refuse(`greater than ${formatGoDuration(shortestRenewBefore)}`)] : []),
    ...(renewBefore >= duration ? [refuse('less than duration')] : []),
  ];
}
