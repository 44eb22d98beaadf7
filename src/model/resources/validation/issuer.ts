import type { FieldError } from '#model/objects';
import { issuerTypes } from '../issuer-spec.ts';
import type { IssuerSpec } from '../issuer-spec.ts';
import { forbidden, invalid, required } from './field-errors.ts';

type CAIssuer = NonNullable<IssuerSpec['ca']>;

/** An issuer signs in exactly one way. */
export function validateIssuer({ spec }: { readonly spec: IssuerSpec }): FieldError[] {
  const configured = issuerTypes.filter((type) => spec[type] !== undefined);
  if (configured.length === 0) return [required('spec', 'at least one issuer must be configured')];
  return [
    ...configured.slice(1).map((type) => forbidden(`spec.${type}`, 'may not specify more than one issuer type')),
    ...(configured[0] === 'ca' ? validateCA(spec.ca!) : []),
  ];
}

function validateCA({ secretName, ocspServers = [], issuingCertificateURLs = [] }: CAIssuer): FieldError[] {
  const ocspText = 'must be a valid URL, e.g., http://ocsp.int-x3.letsencrypt.org';
  return [
    ...(secretName === '' ? [required('spec.ca.secretName', '')] : []),
    ...emptyURLs('spec.ca.ocspServers', ocspServers, ocspText),
    ...emptyURLs('spec.ca.issuingCertificateURLs', issuingCertificateURLs, 'must be a valid URL'),
  ];
}

const emptyURLs = (path: string, urls: readonly string[], detail: string): FieldError[] =>
  urls.flatMap((url, index) => (url === '' ? [invalid(`${path}[${index}]`, url, detail)] : []));

const signing = ['ca', 'selfSigned'];

/** Says that an issuer is only kept. */
export const warnOfIssuer = ({ spec }: { readonly spec: IssuerSpec }): string[] =>
  issuerTypes
    .filter((type) => spec[type] !== undefined && !signing.includes(type))
    .map((type) => `spec.${type}: this version keeps such an issuer but does not sign with it`);
