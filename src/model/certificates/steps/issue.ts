import { formatTimestamp, isConditionTrue } from '#model/objects';
import type { CertificateRequest, Secret } from '#model/resources';
import { decodeText, readChain, readKey, readRequest } from '../material.ts';
import { annotation, secretKey } from '../names.ts';
import { usabilityChain } from '../policies/chains.ts';
import { firstViolation, nextRequests, nextRevision } from '../policies/policy.ts';
import { requestMismatches } from '../request-matches-spec.ts';
import { failureOf, isIssued } from '../request-state.ts';
import type { RequestFailure } from '../request-state.ts';
import { storeSecret } from '../store-secret.ts';
import { ownsSecret } from '../secret-owner.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { withCondition, withStatus, withoutCondition } from '../status-change.ts';
import { normal, warning, write } from '../step.ts';
import type { AskStep, Concern, WriteStep } from '../step.ts';
import { goTimeText } from '../time-text.ts';
import { nextKeySecret } from './next-key.ts';

/** Takes what the issuer answered: a certificate goes into the Secret, a failure into the status. */
export const issue: Concern = (snapshot) => {
  const { certificate } = snapshot;
  const keySecret = nextKeySecret(snapshot);
  const [request, ...more] = nextRequests(snapshot);
  const issuing = isConditionTrue(certificate.status?.conditions, 'Issuing');
  if (!issuing || keySecret === undefined || request === undefined || more.length > 0) return undefined;
  if (requestMismatches(request, certificate.spec).length > 0) return undefined;
  const failure = failureOf(request) ?? wrongAnswer(request, snapshot.now);
  if (failure !== undefined) return failIssuance(snapshot, failure.reason, failure.message);
  if (isIssued(request)) return ownsSecret(snapshot) ? complete(snapshot, request, keySecret) : undefined;
  return temporary(snapshot, request, keySecret);
};

/** Ends the issuance without success; the next one waits for the back-off. */
export function failIssuance(snapshot: CertificateSnapshot, reason: string, cause: string): WriteStep {
  const { certificate, now } = snapshot;
  const message = `The certificate request has failed to complete and will be retried: ${cause}`;
  const stopped = withCondition(certificate, { type: 'Issuing', status: 'False', reason, message }, now);
  const failed = withStatus(stopped, {
    lastFailureTime: formatTimestamp(now),
    failedIssuanceAttempts: (certificate.status?.failedIssuanceAttempts ?? 0) + 1,
  });
  return write({ certificate: failed }, warning(reason, message));
}

/** A signed request whose certificate must not be stored. */
function wrongAnswer(request: CertificateRequest, now: Date): RequestFailure | undefined {
  if (!isIssued(request)) return undefined;
  const chain = readChain(request.status?.certificate);
  if (!chain.ok) return invalid(`Issuer returned data that is not a certificate: ${chain.problem}`);
  const leaf = chain.value[0]!;
  const csr = readRequest(request.spec.request);
  if (!csr.ok || Buffer.compare(csr.value.spki, leaf.spki) !== 0) {
    return invalid(
      'Issuer returned a certificate with a public key that does not match the CSR. ' +
        'This is usually caused by an issuer that signs with keys of its own.',
    );
  }
  if (now <= leaf.notAfter) return undefined;
  return invalid(
    `Issuer returned an already expired certificate (notAfter: ${goTimeText(leaf.notAfter)}). ` +
      'This usually indicates an expired CA certificate in the issuer.',
  );
}

function invalid(message: string): RequestFailure {
  return { reason: 'InvalidCertificate', message };
}

function complete(
  snapshot: CertificateSnapshot,
  request: CertificateRequest,
  keySecret: Secret,
): WriteStep | AskStep<'make-keystores'> | undefined {
  const { certificate } = snapshot;
  const key = readKey(keySecret.data?.[secretKey.privateKey]);
  if (!key.ok) return undefined;
  const message = 'The certificate has been successfully issued';
  const issued = withStatus(withoutCondition(certificate, 'Issuing'), {
    revision: nextRevision(snapshot),
    lastFailureTime: undefined,
    failedIssuanceAttempts: undefined,
  });
  return storeSecret(
    snapshot,
    {
      privateKeyPEM: key.value.toPEM(certificate.spec.privateKey?.encoding ?? 'PKCS1'),
      chainPEM: decodeText(request.status!.certificate!),
      caPEM: decodeText(request.status?.ca ?? ''),
      issuer: certificate.spec.issuerRef,
    },
    (change) => write({ ...change, certificate: issued }, normal('Issuing', message)),
  );
}

/** On wish, a certificate that is trusted by nobody, so that what waits for the Secret can start. */
function temporary(
  snapshot: CertificateSnapshot,
  request: CertificateRequest,
  keySecret: Secret,
): AskStep<'make-temporary'> | undefined {
  const { certificate, now } = snapshot;
  const wished = certificate.metadata.annotations?.[annotation.temporaryCertificate] === 'true';
  if (!wished || !ownsSecret(snapshot) || firstViolation(usabilityChain, snapshot) === undefined) return undefined;
  const key = readKey(keySecret.data?.[secretKey.privateKey]);
  if (!key.ok) return undefined;
  const { isCA = false, usages = [] } = request.spec;
  const requestPEM = decodeText(request.spec.request);
  return {
    do: 'ask',
    task: { task: 'make-temporary', requestPEM, isCA, usages, now },
    answer: (result) => {
      if ('failed' in result) return failIssuance(snapshot, 'TemporaryCertificate', result.failed);
      const stored = storeSecret(
        snapshot,
        {
          privateKeyPEM: key.value.toPEM(certificate.spec.privateKey?.encoding ?? 'PKCS1'),
          chainPEM: result.chainPEM,
          caPEM: '',
        },
        (change) => write(change, normal('Issuing', 'Issued temporary certificate')),
        { withoutKeystores: true },
      );
      return stored as WriteStep;
    },
  };
}
