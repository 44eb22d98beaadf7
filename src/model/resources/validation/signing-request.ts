import { CodedError } from '#errors';
import { splitUsages } from '#pki/x509';
import type { CertificateSigningRequest } from '#pki/x509';
import type { CertificateRequest } from '../certificate-request.ts';
import { readSigningRequest } from '../signing-request.ts';

type RequestSpec = CertificateRequest['spec'];

/**
 * Why the PKCS#10 request in `spec.request` does not fit the fields beside it; undefined when it does. A request that
 * names no usages at all fits any; extended usages without a name in the API are passed over. The signature is checked
 * when the request is signed for.
 */
export function signingRequestProblem(spec: RequestSpec): string | undefined {
  try {
    return mismatch(readSigningRequest(spec.request), spec);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.code === 'pem-malformed' ? noPEM : error.message;
  }
}

/** What the parser answers for a usage that has no name. */
const isDotted = /^\d+\./;

const noPEM = 'error decoding certificate request PEM block: no PEM data was found in given input';

function mismatch(request: CertificateSigningRequest, { isCA = false, usages = [] }: RequestSpec): string | undefined {
  const { basicConstraints, keyUsages, extendedKeyUsages } = request;
  if (basicConstraints !== undefined && basicConstraints.isCA !== isCA) {
    return `encoded CSR error: IsCA ${basicConstraints.isCA} does not match expected value ${isCA}`;
  }
  if (keyUsages === undefined && extendedKeyUsages === undefined) return undefined;
  const expected = splitUsages(usages, isCA);
  const named = (extendedKeyUsages ?? []).filter((usage) => !isDotted.test(usage));
  return (
    differing('KeyUsages', keyUsages ?? [], expected.keyUsages) ??
    differing('ExtKeyUsages', named, expected.extendedKeyUsages)
  );
}

function differing(name: string, actual: readonly string[], expected: readonly string[]): string | undefined {
  if (new Set(actual).symmetricDifference(new Set(expected)).size === 0) return undefined;
  return `encoded CSR error: the ${name} ${listed(actual)} do not match the expected ${name} ${listed(expected)}`;
}

const listed = (usages: readonly string[]): string =>
  usages.length === 0 ? '[]' : `[ ${usages.map((usage) => `'${usage}'`).join(', ')} ]`;
