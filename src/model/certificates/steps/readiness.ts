import { deepEqual, formatTimestamp } from '#model/objects';
import type { CertificateStatus } from '#model/resources';
import { leafOf } from '../material.ts';
import { secretKey } from '../names.ts';
import { readinessChain } from '../policies/chains.ts';
import { firstViolation } from '../policies/policy.ts';
import { renewalInstant } from '../renewal-instant.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { withCondition, withStatus } from '../status-change.ts';
import { write } from '../step.ts';
import type { Concern } from '../step.ts';

/** Tells in the status whether the certificate is usable, and when it begins, ends and is renewed. */
export const readiness: Concern = (snapshot) => {
  const { certificate, now } = snapshot;
  const dated = withStatus(certificate, dates(snapshot));
  const next = withCondition(dated, { type: 'Ready', ...verdict(snapshot) }, now);
  return deepEqual(next.status ?? {}, certificate.status ?? {}) ? undefined : write({ certificate: next });
};

function verdict(snapshot: CertificateSnapshot): { status: 'True' | 'False'; reason: string; message: string } {
  const violation = firstViolation(readinessChain, snapshot);
  if (violation !== undefined) return { status: 'False', reason: violation.reason, message: violation.message };
  const { windowError } = renewalInstant(snapshot);
  if (windowError !== undefined) {
    return { status: 'False', reason: 'WindowError', message: `Could not calculate renewal time: ${windowError}` };
  }
  return { status: 'True', reason: 'Ready', message: 'Certificate is up to date and has not expired' };
}

type Dates = { [K in 'notBefore' | 'notAfter' | 'renewalTime']: CertificateStatus[K] | undefined };

function dates(snapshot: CertificateSnapshot): Dates {
  const leaf = leafOf(snapshot.secret?.data?.[secretKey.certificate]);
  if (leaf === undefined) return { notBefore: undefined, notAfter: undefined, renewalTime: undefined };
  const { planned } = renewalInstant(snapshot);
  return {
    notBefore: formatTimestamp(leaf.notBefore),
    notAfter: formatTimestamp(leaf.notAfter),
    renewalTime: planned === undefined ? undefined : formatTimestamp(planned),
  };
}
