import Type from 'typebox';
import type { Static } from 'typebox';
import { usageNames } from '#pki/x509';
import { anyText, flag, int32, integer, list, mapOf, oneOf, text } from './fields/field.ts';
import { issuerRef } from './fields/references.ts';
import { keystores } from './certificate-keystores.ts';
import { nameConstraints } from './certificate-name-constraints.ts';
import { renewal } from './certificate-renewal.ts';

const subject = Type.Object(
  {
    organizations: Type.Optional(list(anyText, 'Organizations (O).')),
    countries: Type.Optional(list(anyText, 'Countries (C), as two letters.')),
    organizationalUnits: Type.Optional(list(anyText, 'Organizational units (OU).')),
    localities: Type.Optional(list(anyText, 'Cities (L).')),
    provinces: Type.Optional(list(anyText, 'States or provinces (ST).')),
    streetAddresses: Type.Optional(list(anyText, 'Street addresses (STREET).')),
    postalCodes: Type.Optional(list(anyText, 'Postal codes.')),
    serialNumber: Type.Optional(text('Serial number of the subject; not the serial number of the certificate.')),
  },
  { description: 'Parts of the subject name beside the common name. Not together with `literalSubject`.' },
);

const otherName = Type.Object({
  oid: Type.Optional(
    text('Object identifier of the name form, dotted: 1.3.6.1.4.1.311.20.2.3 is a user principal name.'),
  ),
  utf8Value: Type.Optional(text('The name.')),
});

const privateKey = Type.Object(
  {
    rotationPolicy: Type.Optional(
      oneOf(
        ['Never', 'Always'],
        'Whether re-issuing makes a new key (Always, the default) or keeps the stored one (Never).',
      ),
    ),
    encoding: Type.Optional(
      oneOf(
        ['PKCS1', 'PKCS8'],
        'Encoding of `tls.key`: PKCS1 (the default; SEC 1 for ECDSA) or PKCS8. Ed25519 keys are always PKCS8.',
      ),
    ),
    algorithm: Type.Optional(oneOf(['RSA', 'ECDSA', 'Ed25519'], 'Algorithm of the key; RSA is the default.')),
    size: Type.Optional(
      integer(
        'Bits of the key. RSA: 2048 to 8192, by default 2048. ECDSA: 256 (the default), 384 or 521. Ed25519: ignored.',
      ),
    ),
  },
  { description: 'How the private key is made and stored.' },
);

const secretTemplate = Type.Object(
  {
    annotations: Type.Optional(mapOf(anyText, 'Annotations of the Secret.')),
    labels: Type.Optional(mapOf(anyText, 'Labels of the Secret.')),
  },
  { description: 'Labels and annotations that the Secret shall carry; kept up to date without re-issuing.' },
);

const additionalOutputFormat = Type.Object({
  type: oneOf(
    ['DER', 'CombinedPEM'],
    'DER adds the private key as `key.der`; CombinedPEM adds key and chain in one file, `tls-combined.pem`.',
  ),
});

/** `spec` of a Certificate. Nothing is defaulted in the object: a default is what the field means when it is absent. */
export const certificateSpecSchema = Type.Object(
  {
    secretName: text('Name of the Secret, in the same namespace, that receives key and certificate.'),
    issuerRef: issuerRef('The issuer that signs the certificate.'),
    commonName: Type.Optional(
      text('Common name (CN) of the subject, at most 64 bytes. Not copied into the alternative names.'),
    ),
    subject: Type.Optional(subject),
    literalSubject: Type.Optional(
      text(
        'The whole subject name as RFC 4514 text, most specific part first: `CN=foo,OU=bar,O=baz`. Not together with `commonName` and `subject`.',
      ),
    ),
    dnsNames: Type.Optional(list(anyText, 'DNS names the certificate is valid for.')),
    ipAddresses: Type.Optional(list(anyText, 'IP addresses the certificate is valid for.')),
    uris: Type.Optional(list(anyText, 'URIs the certificate is valid for.')),
    emailAddresses: Type.Optional(list(anyText, 'E-mail addresses the certificate is valid for.')),
    otherNames: Type.Optional(list(otherName, 'Alternative names of other forms, as UTF-8 strings.')),
    duration: Type.Optional(
      text(
        'Requested lifetime as a Go duration (h, m, s), at least 1h; 2160h (90 days) when left out. An issuer may shorten it.',
      ),
    ),
    renewBefore: Type.Optional(
      text(
        'How long before expiry the certificate is renewed, as a Go duration, at least 5m; a third of the lifetime when left out. Not together with `renewBeforePercentage`.',
      ),
    ),
    renewBeforePercentage: Type.Optional(
      int32('Renew when this percentage of the issued lifetime remains. Not together with `renewBefore`.'),
    ),
    renewal: Type.Optional(renewal),
    isCA: Type.Optional(flag('Whether the certificate may sign other certificates. Adds the usage `cert sign`.')),
    usages: Type.Optional(
      list(
        oneOf(usageNames, 'A key usage or extended key usage.'),
        'What the key may be used for; `digital signature` and `key encipherment` when left out.',
      ),
    ),
    encodeUsagesInRequest: Type.Optional(
      flag('Whether the usages are also put into the certificate request; true when left out.'),
    ),
    privateKey: Type.Optional(privateKey),
    signatureAlgorithm: Type.Optional(
      oneOf(
        [
          'SHA256WithRSA',
          'SHA384WithRSA',
          'SHA512WithRSA',
          'ECDSAWithSHA256',
          'ECDSAWithSHA384',
          'ECDSAWithSHA512',
          'PureEd25519',
        ],
        'Algorithm that signs the certificate request; must fit the private key. The issuer chooses its own for the certificate.',
      ),
    ),
    secretTemplate: Type.Optional(secretTemplate),
    keystores: Type.Optional(keystores),
    additionalOutputFormats: Type.Optional(
      list(
        additionalOutputFormat,
        'Further forms in which key and certificate are put into the Secret, each at most once.',
      ),
    ),
    revisionHistoryLimit: Type.Optional(
      int32('How many CertificateRequests are kept as history, at least 1; 1 when left out.'),
    ),
    nameConstraints: Type.Optional(nameConstraints),
  },
  { description: 'The certificate that is wanted.' },
);

export type CertificateSpec = Static<typeof certificateSpecSchema>;
