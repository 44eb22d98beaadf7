import Type from 'typebox';
import type { Static } from 'typebox';
import { anyText, int64, integer, list, oneOf, text, time } from './field.ts';

/** What a gateway node says of itself: the parts of its status. */

export const revisionMark = (description: string) =>
  Type.Object(
    {
      revision: text('Resource version of the newest change that it holds.'),
      at: time('Since when.'),
    },
    { description },
  );

export const reportCounts = Type.Object(
  {
    desired: integer('What the node shall have.'),
    loaded: integer('What it has loaded.'),
    proven: integer('What a handshake has proven.'),
    failed: integer('What failed.'),
  },
  { description: 'Listeners and endpoints together.' },
);

const timesOfProof = {
  message: Type.Optional(text('What is wrong, for people.')),
  loadedAt: Type.Optional(time('When it was loaded.')),
  provenAt: Type.Optional(time('When a handshake last proved it.')),
};

const listenerReport = Type.Object({
  host: text('The host, as the Gateway names it.'),
  profile: text('The TLSServerProfile, as `ns/name`.'),
  fingerprint: Type.Optional(text('SHA-256 of the certificate that is shown.')),
  notAfter: Type.Optional(time('When that certificate expires.')),
  state: oneOf(['desired', 'loaded', 'proven', 'failed'], 'How far it is.'),
  ...timesOfProof,
});

const endpointCertificateUse = Type.Object({
  name: text('Name of the EndpointCertificate.'),
  namespace: text('Namespace of it.'),
  fingerprint: text('SHA-256 of its first certificate.'),
  generation: int64('The `metadata.generation` that is in use.'),
});

const presented = Type.Object(
  {
    subject: text('Subject name, RFC 4514.'),
    issuer: text('Issuer name, RFC 4514.'),
    fingerprint: text('SHA-256 of the certificate.'),
    notBefore: Type.Optional(time('Start of its validity.')),
    notAfter: time('End of its validity.'),
    chain: Type.Optional(list(anyText, 'SHA-256 of each certificate that came after it.')),
  },
  { description: 'What the backend showed.' },
);

const endpointReport = Type.Object({
  endpoint: text('The backend, `host:port`.'),
  apis: list(anyText, 'The APIs behind which it is, as `ns/name`.'),
  profile: Type.Optional(text('The TLSClientProfile, as `ns/name`.')),
  endpointCertificates: Type.Optional(list(endpointCertificateUse, 'The EndpointCertificates that are trusted there.')),
  presented: Type.Optional(presented),
  state: oneOf(['desired', 'loaded', 'proven', 'failed'], 'How far it is.'),
  code: Type.Optional(text('What is wrong, for programs: backend-certificate-expired, ...')),
  ...timesOfProof,
});

export const listenerReports = list(listenerReport, 'Its hosts, failed and unproven ones first; at most 1000.');
export const endpointReports = list(
  endpointReport,
  'The backends it calls, failed and unproven ones first; at most 1000.',
);

export type ListenerReport = Static<typeof listenerReport>;
export type EndpointReport = Static<typeof endpointReport>;
