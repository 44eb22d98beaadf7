import Type from 'typebox';
import type { Static } from 'typebox';
import { certManagerKeys } from './annotations.ts';
import { usageNames } from '#pki/x509';
import { ageColumn, certManager, defineKind } from './define-kind.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, bytes, flag, list, mapOf, oneOf, text, time } from './fields/field.ts';
import { issuerRef } from './fields/references.ts';
import { issuerTerm, namespacedTerm } from './index-terms.ts';
import { stampRequester } from './validation/certificate-request-admission.ts';
import { validateCertificateRequest } from './validation/certificate-request.ts';

const description = 'A request to an issuer to sign one certificate. Its spec cannot be changed.';

const spec = Type.Object(
  {
    request: bytes('The certificate signing request (PKCS#10), PEM in base64.'),
    issuerRef: issuerRef('The issuer that shall sign.'),
    duration: Type.Optional(text('Requested lifetime as a Go duration; 2160h (90 days) when left out.')),
    isCA: Type.Optional(flag('Whether the certificate may sign other certificates. Adds the usage `cert sign`.')),
    usages: Type.Optional(
      list(
        oneOf(usageNames, 'A key usage or extended key usage.'),
        'What the key may be used for; must be those of the signing request, when that names any.',
      ),
    ),
    username: Type.Optional(text('Who made the request. Set by the server.')),
    uid: Type.Optional(text('UID of who made the request. Set by the server.')),
    groups: Type.Optional(list(anyText, 'Groups of who made the request. Set by the server.')),
    extra: Type.Optional(mapOf(Type.Array(anyText), 'Further attributes of who made the request. Set by the server.')),
  },
  { description: 'The certificate that is requested.' },
);

const status = Type.Object(
  {
    conditions: Type.Optional(conditions('Ready, InvalidRequest, Approved and Denied')),
    certificate: Type.Optional(bytes('The signed chain, leaf first, PEM in base64.')),
    ca: Type.Optional(
      bytes('The CA as far as the issuer knows it, PEM in base64. Not fit for a truststore during a rotation.'),
    ),
    failureTime: Type.Optional(time('When the request failed.')),
  },
  { description: 'What became of the request; written by the controllers.' },
);

const certificateRequestSchema = envelope(description, { spec, status: Type.Optional(status) });

/** cert-manager.io/v1 CertificateRequest. */
export type CertificateRequest = Static<typeof certificateRequestSchema>;

const conditionColumn = (type: string) => ({
  name: type,
  type: 'string' as const,
  jsonPath: `.status.conditions[?(@.type=="${type}")].status`,
});

/**
 * Indexes: `certificate` (`ns/name` of the Certificate it was made for), `issuer` (see issuerTerm), `pending` (`ns/name`
 * while neither issued, failed nor denied).
 */
export const certificateRequestKind = defineKind<CertificateRequest>({
  ...certManager,
  kind: 'CertificateRequest',
  plural: 'certificaterequests',
  singular: 'certificaterequest',
  shortNames: ['cr', 'crs'],
  categories: ['cert-manager'],
  description,
  schema: certificateRequestSchema,
  printerColumns: [
    conditionColumn('Approved'),
    conditionColumn('Denied'),
    conditionColumn('Ready'),
    { name: 'Issuer', type: 'string', jsonPath: '.spec.issuerRef.name' },
    { name: 'Requester', type: 'string', jsonPath: '.spec.username' },
    { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
    ageColumn,
  ],
  selectableFields: ['spec.issuerRef.group', 'spec.issuerRef.kind', 'spec.issuerRef.name'],
  indexes: {
    certificate: ({ metadata }) => {
      const name = metadata.annotations?.[certManagerKeys.certificateName];
      return name === undefined ? [] : [namespacedTerm(metadata.namespace, name)];
    },
    issuer: ({ metadata, spec }) => [issuerTerm(spec.issuerRef, metadata.namespace ?? '')],
    pending: (request) =>
      isFinished(request) ? [] : [namespacedTerm(request.metadata.namespace, request.metadata.name)],
  },
  admit: stampRequester,
  validate: (next, previous) => validateCertificateRequest(next, previous),
});

const finalReasons = new Set(['Issued', 'Failed', 'Denied']);

function isFinished({ status }: CertificateRequest): boolean {
  return (status?.conditions ?? []).some(({ type, reason }) => type === 'Ready' && finalReasons.has(reason ?? ''));
}
