import { certificateMismatches } from '../certificate-matches-spec.ts';
import { leafOf } from '../material.ts';
import { secretKey } from '../names.ts';
import { requestMismatches } from '../request-matches-spec.ts';
import { currentRequest } from './policy.ts';
import type { Policy } from './policy.ts';

/** What was asked for must be what is wanted now; without the request, the certificate itself must come near it. */
export const currentRequestMismatchesSpec: Policy = (snapshot) => {
  const request = currentRequest(snapshot);
  if (request === undefined) return certificateMismatchesSpec(snapshot);
  const fields = requestMismatches(request, snapshot.certificate.spec);
  if (fields.length === 0) return undefined;
  const message = `Fields on existing CertificateRequest resource not up to date: [${fields.join(' ')}]`;
  return { reason: 'RequestChanged', message };
};

const certificateMismatchesSpec: Policy = ({ certificate, secret }) => {
  const leaf = leafOf(secret?.data?.[secretKey.certificate]);
  if (leaf === undefined) return undefined;
  const fields = certificateMismatches(leaf, certificate.spec);
  if (fields.length === 0) return undefined;
  const message = `Issuing certificate as Existing issued Secret is not up to date for spec: [${fields.join(' ')}]`;
  return { reason: 'SecretMismatch', message };
};
