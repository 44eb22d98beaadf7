import { parseCertificateRequestPEM } from '#pki/x509';
import type { CertificateSigningRequest } from '#pki/x509';
import { BoundedMemo } from './bounded-memo.ts';

const read = new BoundedMemo<CertificateSigningRequest>(512);

/**
 * The PKCS#10 request of a CertificateRequest's `spec.request`, PEM in base64. The newest 512 are remembered: deciding,
 * validating and signing look at the same one within a moment. Fails with pem-malformed or request-malformed.
 */
export function readSigningRequest(base64: string): CertificateSigningRequest {
  return read.get(base64, () => parseCertificateRequestPEM(Buffer.from(base64, 'base64')));
}
