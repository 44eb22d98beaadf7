import type { FieldError } from '#model/objects';
import { issuerTypes } from '../issuer-spec.ts';
import type { IssuerSpec } from '../issuer-spec.ts';
import { forbidden, required } from './field-errors.ts';

/** An issuer signs in exactly one way. */
export function validateIssuer({ spec }: { readonly spec: IssuerSpec }): FieldError[] {
  const configured = issuerTypes.filter((type) => spec[type] !== undefined);
  if (configured.length === 0) return [required('spec', 'at least one issuer must be configured')];
  return [
    ...configured.slice(1).map((type) => forbidden(`spec.${type}`, 'may not specify more than one issuer type')),
    ...(spec.ca?.secretName === '' ? [required('spec.ca.secretName', 'must be specified')] : []),
  ];
}

const signing = ['ca', 'selfSigned'];

/** Says that an issuer is only kept. */
export const warnOfIssuer = ({ spec }: { readonly spec: IssuerSpec }): string[] =>
  issuerTypes
    .filter((type) => spec[type] !== undefined && !signing.includes(type))
    .map((type) => `spec.${type}: this version keeps such an issuer but does not sign with it`);
