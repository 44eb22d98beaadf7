import Type from 'typebox';
import type { Static } from 'typebox';
import { certificateSpecSchema } from './certificate-spec.ts';
import type { CertificateSpec } from './certificate-spec.ts';
import { certificateStatusSchema } from './certificate-status.ts';
import type { CertificateStatus } from './certificate-status.ts';
import { ageColumn, certManager, defineKind } from './define-kind.ts';
import { expiryTerms } from './expiry-terms.ts';
import type { ExpiryTerm } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { issuerTerm, namespacedTerm } from './index-terms.ts';
import { validateCertificate } from './validation/certificate.ts';

const description = 'A certificate that is wanted, kept valid, and stored in a Secret.';

const certificateSchema = envelope(description, {
  spec: certificateSpecSchema,
  status: Type.Optional(certificateStatusSchema),
});

/** cert-manager.io/v1 Certificate. */
export type Certificate = Static<typeof certificateSchema>;

/**
 * Indexes: `secretName` (`ns/secret`), `issuer` (see issuerTerm), `renewalTime` (RFC 3339; the expiry when the certificate
 * is never renewed by itself: then too it must be looked at), `unsettled` (`ns/name` of what a loop must look at when it starts: not Ready, Issuing,
 * failed, or judged in an older generation), `expiry` (of one that is not renewed by itself).
 */
export const certificateKind = defineKind<Certificate>({
  ...certManager,
  kind: 'Certificate',
  plural: 'certificates',
  singular: 'certificate',
  shortNames: ['cert', 'certs'],
  categories: ['cert-manager'],
  description,
  schema: certificateSchema,
  printerColumns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
    { name: 'Issuer', type: 'string', jsonPath: '.spec.issuerRef.name', priority: 1 },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
    { name: 'Expiration', type: 'string', jsonPath: '.status.notAfter', priority: 1 },
    ageColumn,
  ],
  selectableFields: ['spec.issuerRef.group', 'spec.issuerRef.kind', 'spec.issuerRef.name'],
  indexes: {
    secretName: ({ metadata, spec }) => [namespacedTerm(metadata.namespace, spec.secretName)],
    issuer: ({ metadata, spec }) => [issuerTerm(spec.issuerRef, metadata.namespace ?? '')],
    renewalTime: ({ status, spec }) => {
      const due = (isRenewed(spec) ? status?.renewalTime : undefined) ?? status?.notAfter;
      return due === undefined ? [] : [due];
    },
    expiry: ({ spec, status }) => (isRenewed(spec) ? [] : expiryTerms(lifeOf(spec, status))),
    unsettled: (certificate) =>
      isSettled(certificate) ? [] : [namespacedTerm(certificate.metadata.namespace, certificate.metadata.name)],
  },
  validate: (next) => validateCertificate(next),
});

function isRenewed({ renewal }: CertificateSpec): boolean {
  return renewal?.policy !== 'Disabled';
}

function lifeOf({ isCA }: CertificateSpec, { notAfter, notBefore }: CertificateStatus = {}): ExpiryTerm[] {
  return notAfter === undefined ? [] : [{ notAfter, notBefore, isCA }];
}

function isSettled({ metadata, status = {} }: Certificate): boolean {
  const { conditions = [], failedIssuanceAttempts = 0 } = status;
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isIssuing = conditions.some(({ type, status }) => type === 'Issuing' && status === 'True');
  if (ready?.status !== 'True' || isIssuing || failedIssuanceAttempts > 0) return false;
  return ready.observedGeneration === metadata.generation && metadata.deletionTimestamp === undefined;
}
