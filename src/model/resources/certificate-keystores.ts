import Type from 'typebox';
import { flag, oneOf, text } from './fields/field.ts';
import { secretKeyRef } from './fields/references.ts';

const password = {
  passwordSecretRef: Type.Optional(secretKeyRef('The password, in a Secret. Either this or `password`.', 'password')),
  password: Type.Optional(text('The password itself. Either this or `passwordSecretRef`.')),
};

const jks = Type.Object(
  {
    create: flag('Whether to write `keystore.jks`, and `truststore.jks` when the CA is known.'),
    alias: Type.Optional(text('Alias of the key in the keystore; `certificate` when left out.')),
    ...password,
  },
  { description: 'A Java keystore.' },
);

const pkcs12 = Type.Object(
  {
    create: flag('Whether to write `keystore.p12`, and `truststore.p12` when the CA is known.'),
    profile: Type.Optional(
      oneOf(
        ['LegacyRC2', 'LegacyDES', 'Modern2023', 'Modern2026'],
        'Algorithms of the keystore. LegacyRC2 (the default) and LegacyDES open everywhere and protect little; Modern2023 is AES-256 with SHA-256; Modern2026 adds PBMAC1 and needs OpenSSL 3.4 or Java 26.',
      ),
    ),
    ...password,
  },
  { description: 'A PKCS#12 keystore.' },
);

/** `spec.keystores`. */
export const keystores = Type.Object(
  { jks: Type.Optional(jks), pkcs12: Type.Optional(pkcs12) },
  { description: 'Keystores that are put into the Secret beside the PEM files.' },
);
