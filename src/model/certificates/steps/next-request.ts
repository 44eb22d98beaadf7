import { isConditionTrue } from '#model/objects';
import type { CertificateRequest } from '#model/resources';
import { decodeText, isPair, readKey, readRequest } from '../material.ts';
import { secretKey } from '../names.ts';
import { nextRequests, nextRevision } from '../policies/policy.ts';
import { failureOf } from '../request-state.ts';
import { requestDraft } from '../request-draft.ts';
import { requestMismatches } from '../request-matches-spec.ts';
import { revisionOf } from '../revision-history.ts';
import type { CertificateSnapshot } from '../snapshot.ts';
import { normal, warning, write } from '../step.ts';
import type { AskStep, Concern, WriteStep } from '../step.ts';
import { nextKeySecret } from './next-key.ts';
import { failIssuance } from './issue.ts';

/** While issuing there is one CertificateRequest of the next revision, for the spec as it is and for the next key. */
export const nextRequest: Concern = (snapshot) => {
  const { certificate, requests } = snapshot;
  const keySecret = nextKeySecret(snapshot);
  if (!isConditionTrue(certificate.status?.conditions, 'Issuing') || keySecret === undefined) return undefined;
  const key = keySecret.data![secretKey.privateKey]!;
  const useless = requests.filter((request) => isUseless(request, snapshot, key));
  if (useless.length > 0) return write({ requests: requests.filter((request) => !useless.includes(request)) });
  return nextRequests(snapshot).length > 0 ? undefined : makeRequest(snapshot, key, keySecret.metadata.name);
};

/** Requests of no revision, and those of the next revision that cannot lead to the certificate that is wanted. */
function isUseless(request: CertificateRequest, snapshot: CertificateSnapshot, key: string): boolean {
  const revision = revisionOf(request);
  if (revision === undefined) return true;
  if (revision !== nextRevision(snapshot)) return false;
  return (
    !isForKey(request, key) ||
    requestMismatches(request, snapshot.certificate.spec).length > 0 ||
    failedEarlier(request, snapshot)
  );
}

function isForKey(request: CertificateRequest, privateKey: string): boolean {
  const csr = readRequest(request.spec.request);
  const key = readKey(privateKey);
  return csr.ok && key.ok && isPair(key.value, csr.value.spki);
}

/** A failure from before this issuance began is not its failure: the request is made anew under the same revision. */
function failedEarlier(request: CertificateRequest, { certificate }: CertificateSnapshot): boolean {
  const failed = failureOf(request) === undefined ? undefined : request.status?.failureTime;
  const started = certificate.status?.conditions?.find(({ type }) => type === 'Issuing')?.lastTransitionTime;
  return failed !== undefined && started !== undefined && failed < started;
}

function makeRequest(snapshot: CertificateSnapshot, key: string, keySecretName: string): AskStep<'make-request'> {
  const { certificate, requests } = snapshot;
  return {
    do: 'ask',
    task: { task: 'make-request', privateKeyPEM: decodeText(key), spec: certificate.spec },
    answer: (result) => {
      if ('failed' in result) return refuse(snapshot, result.failed);
      const request = requestDraft(certificate, nextRevision(snapshot), result.requestPEM, keySecretName);
      const message = `Created new CertificateRequest resource "${request.metadata.name}"`;
      return write({ requests: [...requests, request] }, normal('Requested', message));
    },
  };
}

/** The spec cannot be put into a request: nothing but a change of the spec helps, which the back-off waits for. */
function refuse(snapshot: CertificateSnapshot, problem: string): WriteStep {
  const message = `Failed to generate CSR: ${problem} - will not retry`;
  const failed = failIssuance(snapshot, 'RequestFailed', message);
  return { ...failed, remarks: [warning('RequestFailed', message)] };
}
