import Type from 'typebox';
import type { Static } from 'typebox';
import { certManagerKeys } from './annotations.ts';
import { ageColumn, core, defineKind } from './define-kind.ts';
import { expiryTerms } from './expiry-terms.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, bytes, flag, mapOf, text } from './fields/field.ts';
import { namespacedTerm } from './index-terms.ts';
import { admitSecret, warnOfSecret } from './validation/secret-admission.ts';
import { uploadedLives } from './uploaded-certificates.ts';
import { validateMaterial, warnOfMaterial } from './validation/secret-material.ts';
import { validateSecret } from './validation/secret.ts';

const description = 'Confidential values such as keys, certificates and passwords. Encrypted at rest.';

const secretSchema = envelope(description, {
  data: Type.Optional(mapOf(bytes('Bytes in base64.'), 'Values by key. Keys hold letters, digits, `-`, `_` and `.`.')),
  stringData: Type.Optional(
    mapOf(anyText, 'Values as plain text, for writing only; they are put into `data` and win over what is there.'),
  ),
  type: Type.Optional(
    text('What the keys mean: kubernetes.io/tls, chancery.dev/keystore, Opaque (the default), ... Cannot be changed.'),
  ),
  immutable: Type.Optional(flag('When true, nothing but metadata can be changed any more, this field included.')),
});

/** v1 Secret. */
export type Secret = Static<typeof secretSchema>;

/**
 * Indexes: `certificateName` (`ns/name` of the Certificate it was issued for), `nextPrivateKey` (`ns/name` of the
 * Certificate whose key being issued for it holds), `expiry` (of certificates that somebody brought along).
 */
export const secretKind = defineKind<Secret>({
  ...core,
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  confidential: true,
  description,
  schema: secretSchema,
  printerColumns: [
    { name: 'Type', type: 'string', jsonPath: '.type' },
    {
      name: 'Data',
      type: 'integer',
      jsonPath: '',
      description: 'Number of keys.',
      cell: (object) => Object.keys((object as Secret).data ?? {}).length,
    },
    ageColumn,
  ],
  selectableFields: ['type'],
  indexes: {
    certificateName: ({ metadata }) => {
      const name = metadata.annotations?.[certManagerKeys.certificateName];
      return name === undefined ? [] : [namespacedTerm(metadata.namespace, name)];
    },
    nextPrivateKey: (secret) => nextPrivateKeyOwners(secret),
    expiry: (secret) => expiryTerms(uploadedLives(secret)),
  },
  admit: (next) => admitSecret(next),
  validate: (next, previous, { now }) => {
    const errors = validateSecret(next, previous);
    return errors.length > 0 ? errors : validateMaterial(next, previous, now);
  },
  warnings: (next) => [...warnOfSecret(next), ...warnOfMaterial(next)],
});

function nextPrivateKeyOwners({ metadata }: Secret): string[] {
  if (metadata.labels?.[certManagerKeys.nextPrivateKeyLabel] !== 'true') return [];
  return (metadata.ownerReferences ?? [])
    .filter(({ kind, controller }) => kind === 'Certificate' && controller === true)
    .map(({ name }) => namespacedTerm(metadata.namespace, name));
}
