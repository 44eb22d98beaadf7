import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { envelope } from './fields/envelope.ts';
import { flag, oneOf } from './fields/field.ts';
import { profileFields, profileStatusSchema } from './fields/profile-settings.ts';
import { objectRef } from './fields/tls-references.ts';
import { usedByColumn } from './fields/use.ts';
import { refTerms } from './index-terms.ts';
import { validateServerProfile, warnOfProfile } from './validation/tls-profile.ts';

const description = 'How TLS connections from others are accepted.';

const tlsServerProfileSchema = envelope(description, {
  spec: Type.Object(
    {
      ...profileFields,
      keystoreRef: objectRef('The Keystore with the server certificate.'),
      mutualAuthentication: Type.Optional(
        oneOf(
          ['none', 'request', 'require'],
          'Whether clients show a certificate: none (the default), request (one that is shown must be valid), require.',
        ),
      ),
      limitRenegotiation: Type.Optional(flag('Refuse renegotiation that a client asks for. True by default.')),
    },
    { description: 'The settings.' },
  ),
  status: Type.Optional(profileStatusSchema),
});

/** chancery.dev/v1 TLSServerProfile. */
export type TLSServerProfile = Static<typeof tlsServerProfileSchema>;

/** Indexes: `keystore` and `truststore` (`ns/name` of what the profile refers to). */
export const tlsServerProfileKind = defineKind<TLSServerProfile>({
  ...chancery,
  kind: 'TLSServerProfile',
  plural: 'tlsserverprofiles',
  singular: 'tlsserverprofile',
  shortNames: ['tlssp'],
  description,
  schema: tlsServerProfileSchema,
  printerColumns: [
    readyColumn,
    { name: 'Keystore', type: 'string', jsonPath: '.spec.keystoreRef.name' },
    { name: 'Truststore', type: 'string', jsonPath: '.spec.truststoreRef.name' },
    { name: 'Mutual', type: 'string', jsonPath: '.spec.mutualAuthentication' },
    usedByColumn,
    { name: 'Title', type: 'string', jsonPath: '.spec.title', priority: 1 },
    { name: 'Version', type: 'string', jsonPath: '.spec.version', priority: 1 },
    statusColumn,
    ageColumn,
  ],
  selectableFields: ['spec.keystoreRef.name', 'spec.truststoreRef.name'],
  indexes: {
    keystore: ({ metadata, spec }) => refTerms(metadata, spec.keystoreRef),
    truststore: ({ metadata, spec }) => refTerms(metadata, spec.truststoreRef),
  },
  validate: (next) => validateServerProfile(next),
  warnings: (next) => warnOfProfile('server', next),
});
