import type { FieldError } from '#model/objects';
import type { CertificateSpec } from '../certificate-spec.ts';
import { parseGoDuration } from '../go-duration.ts';
import { cronProblem } from './cron.ts';
import { forbidden, invalid, notSupported } from './field-errors.ts';
import { durationErrors } from './go-durations.ts';

type Window = NonNullable<NonNullable<CertificateSpec['renewal']>['windows']>[number];

const cronForm = 'cron needs to follow: cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow';

/** Renewal windows make sense only when there is renewal, and each must be readable. */
export function validateRenewal({ renewal }: CertificateSpec): FieldError[] {
  if (renewal === undefined) return [];
  const { policy, windows = [] } = renewal;
  if (policy === 'Disabled' && windows.length > 0) {
    return [forbidden('spec.renewal.windows', 'windows cannot be set when `renewal.policy` is set to Disabled')];
  }
  return [
    ...(policy === undefined ? [notSupported('spec.renewal.policy', '', ['Disabled', 'RenewBefore'])] : []),
    ...windows.flatMap((window, index) => windowErrors(window, `spec.renewal.windows[${index}]`)),
  ];
}

function windowErrors({ cron, windowDuration, timezone }: Window, path: string): FieldError[] {
  const errors = durationErrors(windowDuration, `${path}.windowDuration`);
  if (errors.length === 0 && parseGoDuration(windowDuration) <= 0) {
    const detail = 'windowDuration must be specified and should be greater than 0';
    errors.push(invalid(`${path}.windowDuration`, windowDuration, detail));
  }
  if (timezone && !isTimeZone(timezone)) {
    errors.push(invalid(`${path}.timezone`, timezone, 'invalid value for timezone. timezone must be IANA compliant'));
  }
  const problem = cronProblem(cron);
  if (problem !== undefined) errors.push(cronError(`${path}.cron`, cron, problem));
  return errors;
}

const cronError = (field: string, cron: string, problem: string): FieldError =>
  invalid(field, cron, `invalid cron syntax: failed to parse cron spec '${cron}': ${problem}. ${cronForm}`);

/** IANA names only: Intl also takes offsets such as +01:00. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
