import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { expiryTerms } from './expiry-terms.ts';
import type { ExpiryTerm } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { text } from './fields/field.ts';
import { keystoreStatusSchema } from './fields/store-status.ts';
import { objectRef, passwordRef, secretFileRef } from './fields/tls-references.ts';
import { usedByColumn } from './fields/use.ts';
import { fingerprintsIn, refTerms } from './index-terms.ts';
import { validateKeystore } from './validation/keystore.ts';

const description = 'A private key with its certificate chain.';

const keystoreSchema = envelope(description, {
  spec: Type.Object(
    {
      title: Type.Optional(text('Name for people.')),
      summary: Type.Optional(text('What the keystore is for.')),
      secretRef: Type.Optional(
        secretFileRef('A Secret with a keystore file (PEM, PKCS#12, JKS, JCEKS), or with `tls.crt` and `tls.key`.'),
      ),
      certificateRef: Type.Optional(objectRef('A Certificate, whose Secret is used.')),
      keystoreRef: Type.Optional(objectRef('Another Keystore.')),
      passwordRef: Type.Optional(passwordRef('The password of the file.')),
      keyPasswordRef: Type.Optional(passwordRef('The password of the key, when it is not that of the file.')),
      alias: Type.Optional(text('Which entry of the file; must be given when it has several keys.')),
    },
    { description: 'Where it comes from: exactly one of `secretRef`, `certificateRef` and `keystoreRef`.' },
  ),
  status: Type.Optional(keystoreStatusSchema),
});

/** chancery.dev/v1 Keystore. */
export type Keystore = Static<typeof keystoreSchema>;

/**
 * Indexes: `secret` (`ns/name` of each Secret it names, for passwords too), `certificate`, `keystore` (`ns/name` of what
 * it is made from), `fingerprint` and `expiry` (of every certificate in its status).
 */
export const keystoreKind = defineKind<Keystore>({
  ...chancery,
  kind: 'Keystore',
  plural: 'keystores',
  singular: 'keystore',
  shortNames: ['ks'],
  description,
  schema: keystoreSchema,
  printerColumns: [
    readyColumn,
    { name: 'Format', type: 'string', jsonPath: '.status.format' },
    { name: 'Subject', type: 'string', jsonPath: '.status.entries[0].subject', priority: 1 },
    { name: 'Expiration', type: 'string', jsonPath: '.status.notAfter' },
    usedByColumn,
    { name: 'Secret', type: 'string', jsonPath: '.status.secretName', priority: 1 },
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.secretRef.name', 'spec.certificateRef.name', 'spec.keystoreRef.name'],
  indexes: {
    secret: ({ metadata, spec }) => refTerms(metadata, spec.secretRef, spec.passwordRef, spec.keyPasswordRef),
    certificate: ({ metadata, spec }) => refTerms(metadata, spec.certificateRef),
    keystore: ({ metadata, spec }) => refTerms(metadata, spec.keystoreRef),
    fingerprint: ({ status }) => fingerprintsIn(status?.entries),
    expiry: (keystore) => expiryTerms(keystoreLives(keystore)),
  },
  validate: (next) => validateKeystore(next),
});

function keystoreLives({ spec, status }: Keystore): ExpiryTerm[] {
  const entries = status?.entries ?? [];
  const managed = spec.certificateRef !== undefined;
  return [...entries, ...entries.flatMap(({ chain }) => chain ?? [])].map(({ notBefore, notAfter, isCA }) => ({
    notBefore,
    notAfter,
    isCA,
    managed,
  }));
}
