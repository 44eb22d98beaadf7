import { CodedError } from '#errors';
import { parseCertificateRequestPEM, splitUsages } from '#pki/x509';
import type { CertificateSigningRequest } from '#pki/x509';
import type { CertificateRequest } from '../certificate-request.ts';

type RequestSpec = CertificateRequest['spec'];

/**
 * Why the PKCS#10 request in `spec.request` does not fit the fields beside it; undefined when it does. What the request
 * does not say cannot differ. The signature is checked when the request is signed for.
 */
export function signingRequestProblem(spec: RequestSpec): string | undefined {
  try {
    return mismatch(parseCertificateRequestPEM(Buffer.from(spec.request, 'base64')), spec);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.code === 'pem-malformed' ? 'error decoding certificate request PEM block' : error.message;
  }
}

function mismatch(request: CertificateSigningRequest, { isCA = false, usages = [] }: RequestSpec): string | undefined {
  const encoded = request.basicConstraints;
  if (encoded !== undefined && encoded.isCA !== isCA) {
    return `encoded CSR error: IsCA ${encoded.isCA} does not match expected value ${isCA}`;
  }
  const expected = splitUsages(usages, isCA);
  return (
    differing('KeyUsages', request.keyUsages, expected.keyUsages) ??
    differing('ExtKeyUsages', request.extendedKeyUsages, expected.extendedKeyUsages)
  );
}

function differing(
  name: string,
  actual: readonly string[] | undefined,
  expected: readonly string[],
): string | undefined {
  if (actual === undefined || new Set(actual).symmetricDifference(new Set(expected)).size === 0) return undefined;
  return `encoded CSR error: the ${name} ${listed(actual)} do not match the expected ${name} ${listed(expected)}`;
}

const listed = (usages: readonly string[]): string =>
  usages.length === 0 ? '[]' : `[ ${usages.map((usage) => `'${usage}'`).join(', ')} ]`;
