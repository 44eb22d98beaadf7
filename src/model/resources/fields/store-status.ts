import Type from 'typebox';
import type { Static, TProperties } from 'typebox';
import { certificateFactsFields, certificateFactsSchema } from './certificate-facts.ts';
import { conditions } from './condition.ts';
import { int64, list, text, time } from './field.ts';
import { useFields } from './use.ts';

const entryFields = {
  alias: Type.Optional(text('Name of the entry in the file.')),
  ...certificateFactsFields,
};

const keystoreEntry = Type.Object({
  ...entryFields,
  chain: Type.Optional(list(certificateFactsSchema, 'Certificates that follow it, towards the root.')),
});

const truststoreEntry = Type.Object(entryFields);

export type KeystoreEntry = Static<typeof keystoreEntry>;
export type TruststoreEntry = Static<typeof truststoreEntry>;

const storeStatus = <P extends TProperties>(fields: P) =>
  Type.Object(
    {
      observedGeneration: Type.Optional(int64('The `metadata.generation` that this status is about.')),
      conditions: Type.Optional(conditions('Ready, and whether something in it expires')),
      format: Type.Optional(text('Format of the file: PEM, PKCS12, JKS, ...')),
      ...fields,
      notAfter: Type.Optional(time('When the first certificate in it expires.')),
      ...useFields,
    },
    { description: 'What is in the store; written by the controllers.' },
  );

export const keystoreStatusSchema = storeStatus({
  secretName: Type.Optional(text('The Secret that the key comes from, as `ns/name`.')),
  entries: Type.Optional(list(keystoreEntry, 'Its keys, each with its certificate.')),
});

export const truststoreStatusSchema = storeStatus({
  entries: Type.Optional(list(truststoreEntry, 'The certificates that are trusted.')),
});

export type KeystoreStatus = Static<typeof keystoreStatusSchema>;
export type TruststoreStatus = Static<typeof truststoreStatusSchema>;
