import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { expiryTerms } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { list, text } from './fields/field.ts';
import { truststoreStatusSchema } from './fields/store-status.ts';
import { objectRef, passwordRef, secretFileRef } from './fields/tls-references.ts';
import { usedByColumn } from './fields/use.ts';
import { fingerprintsIn, refTerms } from './index-terms.ts';
import { validateTruststore, warnOfTruststore } from './validation/truststore.ts';

const description = 'Certificates that are trusted: of authorities, or single ones, each trusted exactly as such.';

const source = Type.Object({
  certificates: Type.Optional(text('Certificates: PEM, or base64 of a DER, PKCS#7 or JKS file.')),
  secretRef: Type.Optional(
    secretFileRef('A Secret with certificates: a file (PEM, DER, PKCS#7, PKCS#12, JKS, JCEKS), or `ca.crt`.'),
  ),
  passwordRef: Type.Optional(passwordRef('The password of the file in `secretRef`.')),
  certificateRef: Type.Optional(
    objectRef('A Certificate: the authority that signed it, or itself when it is an authority.'),
  ),
  trustBundleRef: Type.Optional(objectRef('A TrustBundle: what it trusts at the moment.')),
  truststoreRef: Type.Optional(objectRef('Another Truststore.')),
  keystoreRef: Type.Optional(objectRef('The certificate of a Keystore.')),
});

export type TruststoreSource = Static<typeof source>;

const truststoreSchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      summary: Type.Optional(text('What the truststore is for.')),
      sources: list(
        source,
        'Where the certificates come from. Each source has exactly one of `certificates`, `secretRef`, `certificateRef`, `trustBundleRef`, `truststoreRef` and `keystoreRef`.',
      ),
    },
    { description: 'What is trusted.' },
  ),
  status: Type.Optional(truststoreStatusSchema),
});

/** chancery.dev/v1 Truststore. */
export type Truststore = Static<typeof truststoreSchema>;

type RefField = 'secretRef' | 'passwordRef' | 'certificateRef' | 'trustBundleRef' | 'truststoreRef' | 'keystoreRef';

const termsOf = ({ metadata, spec }: Truststore, ...fields: RefField[]): string[] =>
  refTerms(metadata, ...spec.sources.flatMap((source) => fields.map((field) => source[field])));

/**
 * Indexes: `secret` (`ns/name` of each Secret it names, for passwords too), `certificate`, `trustBundle`, `truststore`,
 * `keystore` (`ns/name` of what it is made from), `fingerprint` and `expiry` (of every certificate in its status).
 */
export const truststoreKind = defineKind<Truststore>({
  ...chancery,
  kind: 'Truststore',
  plural: 'truststores',
  singular: 'truststore',
  shortNames: ['ts'],
  description,
  schema: truststoreSchema,
  printerColumns: [
    readyColumn,
    { name: 'Subject', type: 'string', jsonPath: '.status.entries[0].subject', priority: 1 },
    { name: 'Expiration', type: 'string', jsonPath: '.status.notAfter' },
    usedByColumn,
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  indexes: {
    secret: (truststore) => termsOf(truststore, 'secretRef', 'passwordRef'),
    certificate: (truststore) => termsOf(truststore, 'certificateRef'),
    trustBundle: (truststore) => termsOf(truststore, 'trustBundleRef'),
    truststore: (truststore) => termsOf(truststore, 'truststoreRef'),
    keystore: (truststore) => termsOf(truststore, 'keystoreRef'),
    fingerprint: ({ status }) => fingerprintsIn(status?.entries),
    expiry: ({ status }) => expiryTerms(status?.entries ?? []),
  },
  validate: (next, previous, context) => validateTruststore(next, previous, context),
  warnings: (next, { now }) => warnOfTruststore(next, now),
});
