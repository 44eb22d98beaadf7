import Type from 'typebox';
import type { Static } from 'typebox';
import { conditions } from './fields/condition.ts';
import { anyText, list, openObject, text, time } from './fields/field.ts';

const crlDistributionPoints = list(anyText, 'Where the revocation list can be fetched; put into every certificate.');

const ca = Type.Object(
  {
    secretName: text(
      'Secret with the CA: certificate chain in `tls.crt`, key in `tls.key`, and its root in `ca.crt` when it is an intermediate.',
    ),
    crlDistributionPoints: Type.Optional(crlDistributionPoints),
    ocspServers: Type.Optional(list(anyText, 'OCSP responders; put into every certificate.')),
    issuingCertificateURLs: Type.Optional(
      list(anyText, "Where the issuer's own certificate can be fetched; put into every certificate."),
    ),
  },
  { description: 'Signs with a CA whose key is in a Secret.' },
);

const selfSigned = Type.Object(
  { crlDistributionPoints: Type.Optional(crlDistributionPoints) },
  { description: "Signs each certificate with the certificate's own key." },
);

/** `spec` of Issuer and ClusterIssuer. */
export const issuerSpecSchema = Type.Object(
  {
    ca: Type.Optional(ca),
    selfSigned: Type.Optional(selfSigned),
    acme: Type.Optional(openObject('An ACME server. Kept as it is; this version does not sign with it.')),
    vault: Type.Optional(openObject('HashiCorp Vault. Kept as it is; this version does not sign with it.')),
    venafi: Type.Optional(openObject('Venafi. Kept as it is; this version does not sign with it.')),
  },
  { description: 'How certificates are signed: exactly one of the fields.' },
);

export type IssuerSpec = Static<typeof issuerSpecSchema>;

const signingCA = Type.Object(
  {
    subject: Type.Optional(text('Subject name of the CA certificate, RFC 4514.')),
    serialNumber: Type.Optional(text('Serial number of the CA certificate, hexadecimal.')),
    fingerprint: Type.Optional(text('SHA-256 of the CA certificate, hexadecimal.')),
    notBefore: Type.Optional(time('Start of its validity.')),
    notAfter: Type.Optional(time('End of its validity; no certificate it signs is valid longer.')),
  },
  { description: 'The CA certificate behind the issuer.' },
);

const acmeStatus = Type.Object(
  {
    uri: Type.Optional(text('Account at the ACME server.')),
    lastRegisteredEmail: Type.Optional(text('E-mail address of the account.')),
    lastPrivateKeyHash: Type.Optional(text('Hash of the account key.')),
  },
  { description: 'The ACME account.' },
);

/** `status` of Issuer and ClusterIssuer. */
export const issuerStatusSchema = Type.Object(
  {
    conditions: Type.Optional(conditions('Ready')),
    ca: Type.Optional(signingCA),
    acme: Type.Optional(acmeStatus),
  },
  { description: 'Whether the issuer can sign; written by the controllers.' },
);

export type IssuerStatus = Static<typeof issuerStatusSchema>;

/** The fields of `spec` of which exactly one is set. */
export const issuerTypes = ['acme', 'ca', 'selfSigned', 'vault', 'venafi'] as const;
