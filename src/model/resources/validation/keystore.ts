import type { FieldError } from '#model/objects';
import { keystoreOrigins } from '../keystore-origins.ts';
import type { Keystore } from '../keystore.ts';
import { errorLimit, forbidden, invalid } from './field-errors.ts';
import { validateRef, validateSecretRef } from './object-refs.ts';
import { validateOneOf } from './one-of.ts';

/** Every rule that the Keystore breaks. What is in the Secret is judged in the Secret, and in the status. */
export const validateKeystore = (keystore: Keystore): FieldError[] =>
  [
    ...validateOneOf(keystore.spec, keystoreOrigins, 'spec'),
    ...validateRefs(keystore),
    ...validatePasswords(keystore),
    ...(keystore.spec.alias === '' ? [invalid('spec.alias', '', 'name an entry of the file, or leave it out')] : []),
  ].slice(0, errorLimit);

function validateRefs({ metadata, spec }: Keystore): FieldError[] {
  const { keystoreRef } = spec;
  const isItself =
    keystoreRef?.name === metadata.name && (keystoreRef.namespace || metadata.namespace) === metadata.namespace;
  return [
    ...validateSecretRef(metadata, spec.secretRef, 'spec.secretRef'),
    ...validateSecretRef(metadata, spec.passwordRef, 'spec.passwordRef'),
    ...validateSecretRef(metadata, spec.keyPasswordRef, 'spec.keyPasswordRef'),
    ...validateRef(metadata, spec.certificateRef, 'spec.certificateRef'),
    ...validateRef(metadata, keystoreRef, 'spec.keystoreRef'),
    ...(isItself ? [invalid('spec.keystoreRef.name', metadata.name, 'a Keystore cannot be made from itself')] : []),
  ];
}

/** Only a file has a password and entries to choose from. */
function validatePasswords({ spec }: Keystore): FieldError[] {
  if (spec.secretRef !== undefined) return [];
  const useless = (['passwordRef', 'keyPasswordRef'] as const).filter((field) => spec[field] !== undefined);
  return useless.map((field) => forbidden(`spec.${field}`, 'only a file in secretRef has a password; leave it out'));
}
