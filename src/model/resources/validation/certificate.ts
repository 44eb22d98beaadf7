import type { FieldError } from '#model/objects';
import type { Certificate } from '../certificate.ts';
import type { CertificateSpec } from '../certificate-spec.ts';
import { validateNameConstraints } from './certificate-constraints.ts';
import { validateDurations } from './certificate-durations.ts';
import { validateKeySize, validateSignatureAlgorithm } from './certificate-keys.ts';
import { validateNames, validateSecretName } from './certificate-names.ts';
import { validateOutputs } from './certificate-outputs.ts';
import { validateRenewal } from './certificate-renewal.ts';
import { errorLimit, invalid } from './field-errors.ts';
import { validateIssuerRef } from './issuer-ref.ts';

const rules: readonly ((spec: CertificateSpec) => FieldError[])[] = [
  validateSecretName,
  ({ issuerRef }) => validateIssuerRef(issuerRef, 'spec.issuerRef'),
  validateNames,
  validateKeySize,
  validateSignatureAlgorithm,
  validateDurations,
  validateRenewal,
  validateHistoryLimit,
  validateNameConstraints,
  validateOutputs,
];

/** Every rule of the Certificate that its spec breaks, in cert-manager's order and words. */
export const validateCertificate = ({ spec }: Certificate): FieldError[] =>
  rules.flatMap((rule) => rule(spec)).slice(0, errorLimit);

function validateHistoryLimit({ revisionHistoryLimit: limit }: CertificateSpec): FieldError[] {
  if (limit === undefined || limit >= 1) return [];
  return [invalid('spec.revisionHistoryLimit', limit, 'must not be less than 1')];
}
