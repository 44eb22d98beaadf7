import { keySpecMismatches } from '#pki/x509';
import { wantedKeySpec } from '../key-spec.ts';
import { isPair, readKey, readRequest } from '../material.ts';
import { secretKey } from '../names.ts';
import { currentRequest } from './policy.ts';
import type { Policy } from './policy.ts';

/** Algorithm and size must be those of the spec; the encoding may differ until the next issuance. */
export const privateKeyMismatchesSpec: Policy = ({ certificate, secret }) => {
  const key = readKey(secret?.data?.[secretKey.privateKey]);
  if (!key.ok)
    return {
      reason: 'InvalidKeyPair',
      message: `Issuing certificate as Secret contains invalid private key data: ${key.problem}`,
    };
  const fields = keySpecMismatches(key.value.spec, wantedKeySpec(certificate.spec));
  if (fields.length === 0) return undefined;
  return {
    reason: 'SecretMismatch',
    message: `Existing private key is not up to date for spec: [${fields.join(' ')}]`,
  };
};

/** The key must be the one that the current request was made with. */
export const keyDiffersFromCurrentRequest: Policy = (snapshot) => {
  const request = currentRequest(snapshot);
  if (request === undefined) return undefined;
  const csr = readRequest(request.spec.request);
  if (!csr.ok)
    return {
      reason: 'InvalidCertificateRequest',
      message: `Failed to decode the current CertificateRequest: ${csr.problem}`,
    };
  const key = readKey(snapshot.secret?.data?.[secretKey.privateKey]);
  if (key.ok && isPair(key.value, csr.value.spki)) return undefined;
  return {
    reason: 'SecretMismatch',
    message: 'Secret contains a private key that does not match the current CertificateRequest',
  };
};
