import { isConditionTrue } from '#model/objects';
import { backOffEnd } from '../back-off.ts';
import { triggerChain } from '../policies/chains.ts';
import { firstViolation, nextRequests } from '../policies/policy.ts';
import { requestMismatches } from '../request-matches-spec.ts';
import { ownsSecret } from '../secret-owner.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { withCondition } from '../status-change.ts';
import { normal, warning, write } from '../step.ts';
import type { Concern } from '../step.ts';

/** Starts an issuance when the trigger chain objects, the Secret is ours and no back-off holds it up. */
export const trigger: Concern = (snapshot) => {
  const { certificate, now } = snapshot;
  if (isConditionTrue(certificate.status?.conditions, 'Issuing') || !ownsSecret(snapshot)) return undefined;
  const pause = pauseAfterFailure(snapshot);
  if (pause !== undefined && pause > now) return undefined;
  const violation = firstViolation(triggerChain, snapshot);
  if (violation === undefined) return undefined;
  const { reason, message } = violation;
  const issuing = withCondition(certificate, { type: 'Issuing', status: 'True', reason, message }, now);
  const warnings =
    violation.warning === undefined ? [] : [warning(violation.warning.reason, violation.warning.message)];
  return write({ certificate: issuing }, normal('Issuing', message), ...warnings);
};

/** Until when a failed issuance holds up the next; undefined when none has failed, or the spec was mended since. */
export function pauseAfterFailure(snapshot: CertificateSnapshot): Date | undefined {
  const { certificate, settings } = snapshot;
  const end = backOffEnd(certificate.status ?? {}, settings);
  if (end === undefined) return undefined;
  const mended = nextRequests(snapshot).some((request) => requestMismatches(request, certificate.spec).length > 0);
  return mended ? undefined : end;
}
