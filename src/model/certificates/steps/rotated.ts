import { conditionOf } from '#model/objects';
import { usabilityChain, triggerChain } from '../policies/chains.ts';
import { firstViolation } from '../policies/policy.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { withoutCondition } from '../status-change.ts';
import { normal, write } from '../step.ts';
import type { Concern } from '../step.ts';
import { pauseAfterFailure } from './trigger.ts';

/** Reason of the Issuing condition of a CA that is issued anew on behalf of the Rotation of a CA above it. */
const byRotation = 'Rotation';

/**
 * Whether only a Rotation may put another CA into the place of this one: its Secret would change at once, and everybody
 * who trusts the one before would refuse what the next one signs. What is lost is issued anew as ever.
 */
export function isRotated(snapshot: CertificateSnapshot): boolean {
  const { rotation, certificate } = snapshot;
  if (rotation === undefined || certificate.status?.revision === undefined) return false;
  if (conditionOf(certificate.status.conditions, 'Issuing')?.reason === byRotation) return false;
  return firstViolation(usabilityChain, snapshot) === undefined;
}

/** Why a Rotation of the CA should begin now; undefined when it need not, or runs already. */
export function rotationDue(snapshot: CertificateSnapshot): string | undefined {
  if (snapshot.rotation !== 'instead' || !isRotated(snapshot)) return undefined;
  const issuing = conditionOf(snapshot.certificate.status?.conditions, 'Issuing');
  if (issuing?.status === 'True') return issuing.message ?? 'it is to be issued anew';
  const pause = pauseAfterFailure(snapshot);
  if (pause !== undefined && pause > snapshot.now) return undefined;
  return firstViolation(triggerChain, snapshot)?.message;
}

/** An issuance that was asked for or has begun ends: the Rotation has the CA made. */
export const leaveToRotation: Concern = ({ certificate }) => {
  if (conditionOf(certificate.status?.conditions, 'Issuing')?.status !== 'True') return undefined;
  const message = 'A Rotation replaces this CA, since others rest on it; it is not issued anew by itself';
  return write({ certificate: withoutCondition(certificate, 'Issuing') }, normal('LeftToRotation', message));
};
