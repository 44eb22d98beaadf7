import { conditionOf, isConditionTrue } from '#model/objects';
import type { CertificateRequest } from '#model/resources';

/** Why a request will never be signed. */
export interface RequestFailure {
  readonly reason: string;
  readonly message: string;
}

/** The reason and message of a request that was denied, is invalid or has failed; undefined for any other. */
export function failureOf({ status }: CertificateRequest): RequestFailure | undefined {
  const conditions = status?.conditions;
  for (const type of ['Denied', 'InvalidRequest']) {
    const condition = conditionOf(conditions, type);
    if (condition?.status === 'True') return { reason: condition.reason ?? type, message: condition.message ?? '' };
  }
  const ready = conditionOf(conditions, 'Ready');
  return ready?.status === 'False' && ready.reason === 'Failed'
    ? { reason: 'Failed', message: ready.message ?? '' }
    : undefined;
}

/** Whether the request was signed. */
export function isIssued({ status }: CertificateRequest): boolean {
  return isConditionTrue(status?.conditions, 'Ready') && conditionOf(status?.conditions, 'Ready')?.reason === 'Issued';
}

/** Whether anything can still happen to the request. */
export function isFinal(request: CertificateRequest): boolean {
  const ready = conditionOf(request.status?.conditions, 'Ready');
  const invalid = isConditionTrue(request.status?.conditions, 'InvalidRequest');
  return invalid || isIssued(request) || ready?.reason === 'Failed' || ready?.reason === 'Denied';
}
