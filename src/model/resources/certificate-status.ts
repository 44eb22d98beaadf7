import Type from 'typebox';
import type { Static } from 'typebox';
import { integer, text, time } from './fields/field.ts';
import { conditions } from './fields/condition.ts';

const ari = Type.Object(
  {
    suggestedWindow: Type.Optional(
      Type.Object(
        { start: time('Start of the window.'), end: time('End of the window.') },
        { description: 'When the issuer suggests to renew.' },
      ),
    ),
    explanationURL: Type.Optional(text('A page that explains the suggestion.')),
    lastChecked: Type.Optional(time('When the issuer was last asked.')),
    nextCheck: Type.Optional(time('When the issuer is asked again.')),
    lastError: Type.Optional(text('Why asking failed last.')),
  },
  { description: 'ACME Renewal Information (RFC 9773).' },
);

/** `status` of a Certificate. */
export const certificateStatusSchema = Type.Object(
  {
    conditions: Type.Optional(conditions('Ready and Issuing')),
    notBefore: Type.Optional(time('Start of the validity of the certificate in the Secret.')),
    notAfter: Type.Optional(time('End of the validity of the certificate in the Secret.')),
    renewalTime: Type.Optional(time('When the certificate is renewed next.')),
    revision: Type.Optional(integer('Counts the issued certificates, from 1.')),
    nextPrivateKeySecretName: Type.Optional(text('The Secret that holds the key of the certificate being issued.')),
    lastFailureTime: Type.Optional(time('When issuing failed last; unset after a success.')),
    failedIssuanceAttempts: Type.Optional(
      integer('Failures in a row; unset after a success. Lengthens the pause before the next attempt.'),
    ),
    acme: Type.Optional(
      Type.Object({ ari: Type.Optional(ari) }, { description: 'What an ACME issuer said about the certificate.' }),
    ),
  },
  { description: 'The certificate as it is; written by the controllers.' },
);

export type CertificateStatus = Static<typeof certificateStatusSchema>;
