import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { expiryTerms } from './expiry-terms.ts';
import { anchorSchema } from './fields/anchor.ts';
import { conditions } from './fields/condition.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, int64, integer, list, oneOf, text, time } from './fields/field.ts';
import { objectRef, passwordRef, secretFileRef } from './fields/tls-references.ts';
import { fingerprintsIn, refTerms } from './index-terms.ts';
import { validateTrustBundle, warnOfTrustBundle } from './validation/trust-bundle.ts';

const description =
  'A set of certificates that are trusted, in generations, from which nothing vanishes because a source changed.';

const source = Type.Object({
  certificates: Type.Optional(text('Certificates: PEM, or base64 of a DER, PKCS#7 or JKS file.')),
  secretRef: Type.Optional(
    secretFileRef('A Secret with certificates: a file (PEM, DER, PKCS#7, PKCS#12, JKS, JCEKS), or `ca.crt`.'),
  ),
  passwordRef: Type.Optional(passwordRef('The password of the file in `secretRef`.')),
  certificateRef: Type.Optional(
    objectRef('A Certificate: the authority that signed it, or itself when it is an authority.'),
  ),
  truststoreRef: Type.Optional(objectRef('A Truststore.')),
  trustBundleRef: Type.Optional(objectRef('Another TrustBundle: what it trusts.')),
});

const format = Type.Object({
  format: oneOf(['pem', 'pkcs12', 'jks'], 'How the file is written.'),
  key: text('Name of the file in the Secret or ConfigMap.'),
  passwordRef: Type.Optional(passwordRef('The password of the file; needed for pkcs12 and jks.')),
});

const target = Type.Object(
  {
    secretName: Type.Optional(text('Secret that the files are written into.')),
    configMapName: Type.Optional(text('ConfigMap that the files are written into.')),
    formats: Type.Optional(list(format, 'The files; `ca-bundle.crt` in PEM when left out.')),
  },
  {
    description:
      'Where the bundle is written, in the own namespace: at most one of `secretName` and `configMapName`; a ConfigMap of the same name when left out.',
  },
);

export type TrustBundleSource = Static<typeof source>;
export type TrustBundleFormat = Static<typeof format>;

const trustBundleSchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      summary: Type.Optional(text('What the bundle is for.')),
      sources: list(
        source,
        'Where the certificates come from. Each source has exactly one of `certificates`, `secretRef`, `certificateRef`, `truststoreRef` and `trustBundleRef`.',
      ),
      target: Type.Optional(target),
      forget: Type.Optional(
        list(
          anyText,
          'SHA-256 of certificates that shall not be trusted any more, hexadecimal. Only this and a Rotation take one away.',
        ),
      ),
    },
    { description: 'What is trusted.' },
  ),
  status: Type.Optional(
    Type.Object(
      {
        observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
        conditions: Type.Optional(conditions('Ready, and whether something in it expires')),
        bundleGeneration: Type.Optional(int64('Counts the changes of the set of trusted certificates.')),
        digest: Type.Optional(text('SHA-256 over the set of trusted certificates.')),
        count: Type.Optional(integer('How many certificates are trusted.')),
        notAfter: Type.Optional(time('When the first trusted certificate expires.')),
        anchors: Type.Optional(list(anchorSchema, 'The certificates, in the order in which they came.')),
        targetName: Type.Optional(text('Where the bundle is written: `ConfigMap ns/name`, `Secret ns/name`.')),
      },
      { description: 'What is in the bundle; written by the controllers.' },
    ),
  ),
});

/** chancery.dev/v1 TrustBundle. */
export type TrustBundle = Static<typeof trustBundleSchema>;
export type TrustBundleStatus = NonNullable<TrustBundle['status']>;

type RefField = 'secretRef' | 'passwordRef' | 'certificateRef' | 'truststoreRef' | 'trustBundleRef';

const termsOf = ({ metadata, spec }: TrustBundle, ...fields: RefField[]): string[] =>
  refTerms(metadata, ...spec.sources.flatMap((one) => fields.map((field) => one[field])));

const passwordsOf = ({ metadata, spec }: TrustBundle): string[] =>
  refTerms(metadata, ...(spec.target?.formats ?? []).map(({ passwordRef: ref }) => ref));

const trustedIn = ({ status }: TrustBundle) => (status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn');

/**
 * Indexes: `secret` (`ns/name` of each Secret it reads, for passwords too), `certificate`, `truststore`, `trustBundle`
 * (`ns/name` of what it is made from), `fingerprint` and `expiry` (of every certificate that is trusted).
 */
export const trustBundleKind = defineKind<TrustBundle>({
  ...chancery,
  kind: 'TrustBundle',
  plural: 'trustbundles',
  singular: 'trustbundle',
  shortNames: ['tb'],
  description,
  schema: trustBundleSchema,
  printerColumns: [
    readyColumn,
    {
      name: 'Bundle',
      type: 'integer',
      jsonPath: '.status.bundleGeneration',
      description: 'Changes of the set so far.',
    },
    { name: 'Anchors', type: 'integer', jsonPath: '.status.count', description: 'Certificates that are trusted.' },
    { name: 'Expiration', type: 'string', jsonPath: '.status.notAfter' },
    { name: 'Target', type: 'string', jsonPath: '.status.targetName', priority: 1 },
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  indexes: {
    secret: (bundle) => [...new Set([...termsOf(bundle, 'secretRef', 'passwordRef'), ...passwordsOf(bundle)])],
    certificate: (bundle) => termsOf(bundle, 'certificateRef'),
    truststore: (bundle) => termsOf(bundle, 'truststoreRef'),
    trustBundle: (bundle) => termsOf(bundle, 'trustBundleRef'),
    fingerprint: (bundle) => fingerprintsIn(trustedIn(bundle)),
    expiry: (bundle) => expiryTerms(trustedIn(bundle)),
  },
  validate: (next, previous, context) => validateTrustBundle(next, previous, context),
  warnings: (next, { now }) => warnOfTrustBundle(next, now),
});
