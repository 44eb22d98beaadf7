import { CodedError } from '#errors';
import { isRequestSigned, splitUsages } from '#pki/x509';
import type { CertificateSigningRequest, RequestedIdentity } from '#pki/x509';
import { newSerialNumber } from './serial.ts';
import type { CertificateTemplate } from './template.ts';
import { planValidity } from './validity.ts';
import type { Validity } from './validity.ts';

/** cert-manager's default `duration`: 90 days. */
export const defaultDurationSeconds = 90 * 24 * 3600;

/** What stands beside the request in a CertificateRequest and its issuer. */
export interface RequestFields {
  readonly isCA?: boolean;
  /** Values of `spec.usages`; empty or left out means digital signature and key encipherment. */
  readonly usages?: readonly string[];
  /** Default 90 days. */
  readonly durationSeconds?: number;
  /** Expiry of the issuing CA, which the certificate will not outlive; left out for self-signed certificates. */
  readonly issuerNotAfter?: Date;
  readonly mayOutliveIssuer?: boolean;
  readonly crlDistributionPoints?: readonly string[];
  readonly ocspServers?: readonly string[];
  readonly issuingCertificateURLs?: readonly string[];
  /** Left out: 159 random bits. */
  readonly serialNumber?: Uint8Array;
}

export interface PlannedCertificate {
  readonly template: CertificateTemplate;
  readonly validity: Validity;
}

/**
 * The certificate that a request and its fields ask for, at `now`. Names, key and, for a CA, name constraints come from
 * the request; usages, CA bit and duration from the fields, as cert-manager does. Fails with request-malformed when the
 * request is not signed by its own key.
 */
export function templateFromRequest(
  request: CertificateSigningRequest,
  fields: RequestFields,
  now: Date,
): PlannedCertificate {
  if (!isRequestSigned(request)) throw unsignedRequest();
  return templateForIdentity(request, fields, now);
}

/** As `templateFromRequest`, for a request that was made here a moment ago: its signature is known to hold. */
export function templateForIdentity(request: RequestedIdentity, fields: RequestFields, now: Date): PlannedCertificate {
  const { isCA = false, mayOutliveIssuer = false } = fields;
  const limit = mayOutliveIssuer ? undefined : fields.issuerNotAfter;
  const validity = planValidity(now, fields.durationSeconds ?? defaultDurationSeconds, limit);
  const template: CertificateTemplate = {
    serialNumber: fields.serialNumber ?? newSerialNumber(),
    notBefore: validity.notBefore,
    notAfter: validity.notAfter,
    subject: request.rawSubject,
    spki: request.spki,
    altNames: request.altNames,
    isCA,
    ...splitUsages(fields.usages ?? [], isCA),
    ...(isCA && request.nameConstraints ? { nameConstraints: request.nameConstraints } : {}),
    ...distribution(fields),
    mayOutliveIssuer,
  };
  return { template, validity };
}

type Distribution = Pick<CertificateTemplate, 'crlDistributionPoints' | 'ocspServers' | 'issuingCertificateURLs'>;

function distribution(fields: RequestFields): Distribution {
  const { crlDistributionPoints = [], ocspServers = [], issuingCertificateURLs = [] } = fields;
  return { crlDistributionPoints, ocspServers, issuingCertificateURLs };
}

function unsignedRequest(): CodedError {
  return new CodedError('request-malformed', 'the certificate request is not signed by its own key', {
    field: 'spec.request',
    hint: 'Make the request anew with the private key that it is for.',
  });
}
