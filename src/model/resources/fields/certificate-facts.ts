import Type from 'typebox';
import type { Static } from 'typebox';
import { anyText, flag, list, text, time } from './field.ts';

/** What every status tells of a certificate. */
export const certificateFactsFields = {
  subject: text('Subject name, RFC 4514.'),
  issuer: text('Issuer name, RFC 4514.'),
  serialNumber: text('Serial number, hexadecimal.'),
  fingerprint: text('SHA-256 of the certificate, lower-case hexadecimal.'),
  notBefore: time('Start of its validity.'),
  notAfter: time('End of its validity.'),
  key: text('Its public key: RSA 2048, ECDSA P-256, Ed25519.'),
  dnsNames: Type.Optional(list(anyText, 'Its DNS names, the first 20.')),
  isCA: flag('Whether it may sign other certificates.'),
  selfSigned: flag('Whether its own key signed it.'),
};

export const certificateFactsSchema = Type.Object(certificateFactsFields, { description: 'A certificate.' });

export type CertificateFacts = Static<typeof certificateFactsSchema>;
