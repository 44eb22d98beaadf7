import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, chancery, defineKind, readyColumn, statusColumn } from './define-kind.ts';
import { endpointTerm, readEndpoint } from './endpoint.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, flag, set } from './fields/field.ts';
import { profileFields, profileStatusSchema } from './fields/profile-settings.ts';
import { objectRef } from './fields/tls-references.ts';
import { usedByColumn } from './fields/use.ts';
import { refTerms } from './index-terms.ts';
import { validateClientProfile, warnOfProfile } from './validation/tls-profile.ts';

const description = 'How TLS connections to other systems are made.';

const tlsClientProfileSchema = envelope(description, {
  spec: Type.Object(
    {
      ...profileFields,
      servers: Type.Optional(
        set(
          anyText,
          'Endpoints whose APIs name no profile use this one: `host:port`, a host for every port of it, or `*` for all.',
        ),
      ),
      keystoreRef: Type.Optional(objectRef('The Keystore with the client certificate; none is offered when left out.')),
      insecureServerConnections: Type.Optional(
        flag('Accept every server, whoever it is. False by default; for testing only.'),
      ),
      serverNameIndication: Type.Optional(flag('Tell the server which host is wanted (SNI). True by default.')),
    },
    { description: 'The settings.' },
  ),
  status: Type.Optional(profileStatusSchema),
});

/** chancery.dev/v1 TLSClientProfile. */
export type TLSClientProfile = Static<typeof tlsClientProfileSchema>;

/**
 * Indexes: `keystore` and `truststore` (`ns/name` of what the profile refers to), `server` (`host:port`, `host` or `*`; see
 * serverTerms).
 */
export const tlsClientProfileKind = defineKind<TLSClientProfile>({
  ...chancery,
  kind: 'TLSClientProfile',
  plural: 'tlsclientprofiles',
  singular: 'tlsclientprofile',
  shortNames: ['tlscp'],
  description,
  schema: tlsClientProfileSchema,
  printerColumns: [
    readyColumn,
    { name: 'Keystore', type: 'string', jsonPath: '.spec.keystoreRef.name' },
    { name: 'Truststore', type: 'string', jsonPath: '.spec.truststoreRef.name' },
    { name: 'Insecure', type: 'boolean', jsonPath: '.spec.insecureServerConnections' },
    { name: 'Servers', type: 'string', jsonPath: '.spec.servers', priority: 1 },
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
    server: serverTerms,
  },
  validate: (next) => validateClientProfile(next),
  warnings: (next) => warnOfProfile('client', next),
});

/** Spelled as `endpointTerm` spells endpoints; `*` stands for every one. What cannot be read is left out. */
export function serverTerms({ spec }: TLSClientProfile): string[] {
  return (spec.servers ?? []).flatMap((server) => {
    if (server === '*') return [server];
    const endpoint = readEndpoint(server);
    return 'problem' in endpoint ? [] : [endpointTerm(endpoint.host, endpoint.port)];
  });
}
