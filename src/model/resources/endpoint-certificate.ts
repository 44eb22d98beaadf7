import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { endpointTerm, readEndpoint } from './endpoint.ts';
import { expiryTerms } from './expiry-terms.ts';
import { certificateFactsSchema } from './fields/certificate-facts.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, flag, int64, list, text, time } from './fields/field.ts';
import { nodeProgressSchema } from './fields/node-counts.ts';
import { usedByColumn, useFields } from './fields/use.ts';
import { fingerprintsIn } from './index-terms.ts';
import { validateEndpointCertificate } from './validation/endpoint-certificate.ts';
import { warnOfEndpointCertificate } from './validation/endpoint-certificate-warnings.ts';

const description = 'A certificate of a backend, trusted at that one endpoint.';

const endpointCertificateSchema = envelope(description, {
  spec: Type.Object(
    {
      alias: text('Name for people, 1 to 64 characters.'),
      endpoint: text('Where it is trusted: an https URL, host:port, or a host, which means every port of it.'),
      certificate: text(
        'The certificate, or its chain: PEM, or base64 of a DER, PKCS#7 or JKS file. At most 10 intermediates.',
      ),
      allowExpired: Type.Optional(flag('Take the certificate although it has expired.')),
    },
    { description: 'The certificate, and where it is trusted.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
        conditions: Type.Optional(conditions('Ready, and whether it expires')),
        certificates: Type.Optional(list(certificateFactsSchema, 'The certificates in it, its own first.')),
        notAfter: Type.Optional(time('When the first of them expires.')),
        appliesTo: Type.Optional(text('Where it is trusted, in words: `foo.com:8443`, `foo.com, every port`.')),
        sharedWith: Type.Optional(list(anyText, 'Other EndpointCertificates with the same certificate, as `ns/name`.')),
        ...useFields,
        nodes: Type.Optional(nodeProgressSchema),
      },
      { description: 'What is known of it; written by the controllers.' },
    ),
  ),
});

/** chancery.dev/v1 EndpointCertificate. */
export type EndpointCertificate = Static<typeof endpointCertificateSchema>;

/**
 * Indexes: `endpoint` (`host:port`, or `host` when it is for every port; see endpointTerm), `fingerprint` and
 * `expiry` (of the certificates in its status).
 */
export const endpointCertificateKind = defineKind<EndpointCertificate>({
  ...chancery,
  kind: 'EndpointCertificate',
  plural: 'endpointcertificates',
  singular: 'endpointcertificate',
  shortNames: ['epc'],
  description,
  schema: endpointCertificateSchema,
  printerColumns: [
    readyColumn,
    { name: 'Alias', type: 'string', jsonPath: '.spec.alias' },
    { name: 'Endpoint', type: 'string', jsonPath: '.spec.endpoint' },
    { name: 'Subject', type: 'string', jsonPath: '.status.certificates[0].subject', priority: 1 },
    { name: 'Issuer', type: 'string', jsonPath: '.status.certificates[0].issuer', priority: 1 },
    { name: 'Expiration', type: 'string', jsonPath: '.status.notAfter' },
    usedByColumn,
    { name: 'Nodes', type: 'integer', jsonPath: '.status.nodes.desired', description: 'Nodes that shall use it.' },
    { name: 'Proven', type: 'integer', jsonPath: '.status.nodes.proven', description: 'Nodes that have proven it.' },
    { name: 'Fingerprint', type: 'string', jsonPath: '.status.certificates[0].fingerprint', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.alias', 'spec.endpoint'],
  indexes: {
    endpoint: ({ spec }) => {
      const endpoint = readEndpoint(spec.endpoint);
      return 'problem' in endpoint ? [] : [endpointTerm(endpoint.host, endpoint.port)];
    },
    fingerprint: ({ status }) => fingerprintsIn(status?.certificates),
    expiry: ({ status }) => expiryTerms(status?.certificates ?? []),
  },
  validate: (next, previous, context) => validateEndpointCertificate(next, previous, context),
  warnings: (next, { now }) => warnOfEndpointCertificate(next, now),
});
