import Type from 'typebox';
import type { Static } from 'typebox';
import { conditions } from './condition.ts';
import { anyText, int32, int64, list, oneOf, text } from './field.ts';
import { objectRef } from './tls-references.ts';
import { useFields } from './use.ts';

const protocolNames = ['tls_v1.0', 'tls_v1.1', 'tls_v1.2', 'tls_v1.3'] as const;

const minimumKeyStrength = Type.Object(
  {
    rsaBits: Type.Optional(int32('Least bits of an RSA key.', { minimum: 0 })),
    ecBits: Type.Optional(int32('Least bits of an elliptic-curve key.', { minimum: 0 })),
  },
  { description: 'The weakest keys that are accepted in certificates of the other side.' },
);

/** What TLS client and server profiles share. */
export const profileFields = {
  title: Type.Optional(text('Name for people.')),
  summary: Type.Optional(text('What the profile is for.')),
  version: Type.Optional(text('A label, such as 1.0.0.')),
  protocols: Type.Optional(
    list(oneOf([...protocolNames], ''), 'Versions of TLS that are offered; 1.2 and 1.3 when left out.'),
  ),
  ciphers: Type.Optional(
    list(
      anyText,
      'Cipher suites that are offered, by the names of API Connect (ECDHE_RSA_WITH_AES_256_GCM_SHA384) or of IANA (TLS_...), in order of preference; a modern choice when left out.',
    ),
  ),
  groups: Type.Optional(list(anyText, 'Groups of the key exchange by their IANA names, in order of preference.')),
  signatureAlgorithms: Type.Optional(
    list(anyText, 'Signature algorithms by their IANA names, in order of preference.'),
  ),
  alpnProtocols: Type.Optional(list(anyText, 'Application protocols by their ALPN names, in order of preference.')),
  minimumKeyStrength: Type.Optional(minimumKeyStrength),
  truststoreRef: Type.Optional(objectRef('The Truststore with which certificates of the other side are validated.')),
};

export const profileStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
    conditions: Type.Optional(conditions('Ready')),
    ...useFields,
  },
  { description: 'Whether the profile can be used; written by the controllers.' },
);

export type ProfileStatus = Static<typeof profileStatusSchema>;
