import { isConditionTrue } from '#model/objects';
import { completeIssuerRef, isOwnGroup } from '../issuer-ref.ts';
import { isFinal } from '../request-state.ts';
import { normal, write } from '../step.ts';
import type { Remark, Step, WriteStep } from '../step.ts';
import type { RequestChange, RequestSnapshot } from './request-snapshot.ts';
import { pending, withCondition, withFailureTime } from './request-verdicts.ts';
import { nextSigningStep } from './signing-step.ts';

const approvedMessage = 'Certificate request has been approved by cert-manager.io';
const deniedMessage = 'The CertificateRequest was denied by an approval controller';

/** What to do next about a CertificateRequest. Pure: the same snapshot always gives the same step. */
export function nextRequestStep(snapshot: RequestSnapshot): Step<RequestChange> {
  const { request } = snapshot;
  const conditions = request.status?.conditions;
  if (!isOwnGroup(request.spec.issuerRef) || request.metadata.deletionTimestamp !== undefined) return waiting();
  if (isFinal(request)) return waiting();
  if (isConditionTrue(conditions, 'Denied')) return deny(snapshot);
  if (!isConditionTrue(conditions, 'Approved')) return snapshot.autoApprove ? approve(snapshot) : waiting(notApproved);
  if (snapshot.issuer === undefined) return issuerMissing(snapshot);
  if (isConditionTrue(snapshot.issuer.status?.conditions, 'Ready')) return nextSigningStep(snapshot, snapshot.issuer);
  return pending(snapshot, 'IssuerNotReady', 'Referenced issuer does not have a Ready status condition');
}

const notApproved = normal('WaitingForApproval', 'Not signing CertificateRequest until it is Approved');

function waiting(...remarks: Remark[]): Step<RequestChange> {
  return { do: 'wait', remarks };
}

function approve(snapshot: RequestSnapshot): WriteStep<RequestChange> {
  const news = { type: 'Approved', status: 'True', reason: 'cert-manager.io', message: approvedMessage } as const;
  return write({ request: withCondition(snapshot, news) }, normal('cert-manager.io', approvedMessage));
}

function deny(snapshot: RequestSnapshot): WriteStep<RequestChange> {
  const news = { type: 'Ready', status: 'False', reason: 'Denied', message: deniedMessage } as const;
  return write({ request: withFailureTime(withCondition(snapshot, news), snapshot.now) });
}

function issuerMissing(snapshot: RequestSnapshot): Step<RequestChange> {
  const { name, kind } = completeIssuerRef(snapshot.request.spec.issuerRef);
  const resource = `${kind.toLowerCase()}.cert-manager.io`;
  return pending(snapshot, 'IssuerNotFound', `Referenced "${kind}" not found: ${resource} "${name}" not found`);
}
