import type { FieldError } from '#model/objects';
import type { CertificateSpec } from '../certificate-spec.ts';
import { invalid, notSupported } from './field-errors.ts';

const curveSizes = [256, 384, 521];

/** Sizes that the algorithm of the private key allows; 0 stands for its default. */
export function validateKeySize({ privateKey: { algorithm = 'RSA', size = 0 } = {} }: CertificateSpec): FieldError[] {
  const path = 'spec.privateKey.size';
  if (size <= 0) return [];
  if (algorithm === 'RSA' && (size < 2048 || size > 8192)) {
    return [invalid(path, size, 'must be between 2048 and 8192 for rsa keyAlgorithm')];
  }
  return algorithm === 'ECDSA' && !curveSizes.includes(size) ? [notSupported(path, size, curveSizes.map(String))] : [];
}

const signatureAlgorithms = {
  RSA: ['SHA256WithRSA', 'SHA384WithRSA', 'SHA512WithRSA'],
  ECDSA: ['ECDSAWithSHA256', 'ECDSAWithSHA384', 'ECDSAWithSHA512'],
  Ed25519: ['PureEd25519'],
};

export function validateSignatureAlgorithm({ signatureAlgorithm, privateKey }: CertificateSpec): FieldError[] {
  if (signatureAlgorithm === undefined) return [];
  const algorithm = privateKey?.algorithm ?? 'RSA';
  const allowed = signatureAlgorithms[algorithm];
  if (allowed.includes(signatureAlgorithm)) return [];
  const detail = `for key algorithm ${algorithm} the allowed signature algorithms are [${allowed.join(' ')}]`;
  return [invalid('spec.signatureAlgorithm', signatureAlgorithm, detail)];
}
