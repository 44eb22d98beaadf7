import { isConditionTrue } from '#model/objects';
import { keystoreWishes } from './keystore-wishes.ts';
import { nextRequests } from './policies/policy.ts';
import { isRotated, leaveToRotation } from './steps/rotated.ts';
import { renewalInstant } from './renewal-instant.ts';
import { isIssued } from './request-state.ts';
import type { CertificateSnapshot } from './snapshot.ts';
import type { Concern, Remark, Step, WaitStep } from './step.ts';
import { history } from './steps/history.ts';
import { issue } from './steps/issue.ts';
import { keepSecret } from './steps/keep-secret.ts';
import { nextKey, stalledByKey } from './steps/next-key.ts';
import { nextRequest } from './steps/next-request.ts';
import { readiness } from './steps/readiness.ts';
import { pauseAfterFailure, trigger } from './steps/trigger.ts';

/**
 * The concerns of a Certificate, in the order in which they act. Each is what one controller of cert-manager does; here
 * they are one machine over one snapshot, so that what one of them decides the next one sees.
 */
const concerns: readonly Concern[] = [trigger, nextKey, nextRequest, issue, keepSecret, readiness, history];

/** The same for a CA that only a Rotation may replace. */
const rotatedConcerns: readonly Concern[] = [leaveToRotation, nextKey, keepSecret, readiness, history];

/** What to do next about a Certificate. Pure: the same snapshot always gives the same step. */
export function nextStep(snapshot: CertificateSnapshot): Step {
  if (snapshot.certificate.metadata.deletionTimestamp !== undefined) return { do: 'wait', remarks: [] };
  for (const concern of isRotated(snapshot) ? rotatedConcerns : concerns) {
    const step = concern(snapshot);
    if (step !== undefined) return step;
  }
  return wait(snapshot);
}

function wait(snapshot: CertificateSnapshot): WaitStep {
  const stalled = stalledByKey(snapshot);
  const missing = missingPassword(snapshot);
  const remarks = [stalled, missing].filter((remark) => remark !== undefined);
  return {
    do: 'wait',
    until: nextInstant(snapshot),
    remarks,
    ...(missing === undefined ? {} : { retry: missing.message }),
  };
}

/** A keystore whose password is missing holds up the Secret; nothing tells when the password comes. */
function missingPassword(snapshot: CertificateSnapshot): Remark | undefined {
  const { certificate } = snapshot;
  const issuing = isConditionTrue(certificate.status?.conditions, 'Issuing');
  const isWaiting = issuing ? nextRequests(snapshot).some(isIssued) : certificate.status?.revision !== undefined;
  if (!isWaiting) return undefined;
  const wishes = keystoreWishes(snapshot);
  return Array.isArray(wishes) ? undefined : wishes;
}

/** The next instant at which something is due by itself: the end of a back-off, else the renewal; or the expiry. */
function nextInstant(snapshot: CertificateSnapshot): Date | undefined {
  const { certificate, now } = snapshot;
  if (isConditionTrue(certificate.status?.conditions, 'Issuing')) return undefined;
  const pause = pauseAfterFailure(snapshot);
  const attempt = pause !== undefined && pause > now ? pause : renewalInstant(snapshot).due;
  const instants = [attempt, expiry(certificate.status?.notAfter)];
  const ahead = instants.filter((instant) => instant !== undefined && instant > now) as Date[];
  return ahead.length === 0 ? undefined : new Date(Math.min(...ahead.map((instant) => instant.getTime())));
}

/** One millisecond after the last valid one: then the certificate has expired. */
function expiry(notAfter: string | undefined): Date | undefined {
  return notAfter === undefined ? undefined : new Date(Date.parse(notAfter) + 1);
}
