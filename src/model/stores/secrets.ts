import type { MaterialFile } from '#pki/material';
import type { Secret } from '#model/resources';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace, ObjectRef } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';
import { targetOf } from './target.ts';

interface KeyedRef extends ObjectRef {
  readonly key?: string;
}

/** A password, and the version of the Secret that it came from. */
export interface Password {
  readonly text: string;
  readonly version: string;
}

/** The Secret at `place`. */
export function secretAt(lookup: Lookup, place: ObjectPlace): Outcome<Secret> {
  const secret = lookup.get('Secret', place.namespace, place.name);
  if (secret !== undefined) return found(secret);
  const message = `${objectTerm('Secret', place.namespace, place.name)} does not exist`;
  return failed({ reason: 'SecretNotFound', message, hint: 'Create the Secret.', isWaiting: true });
}

/** The password that `ref` names, key `password` when it names none; undefined without a reference. */
export function passwordOf(
  lookup: Lookup,
  ref: KeyedRef | undefined,
  namespace: string,
): Outcome<Password | undefined> {
  if (ref === undefined) return found(undefined);
  const place = targetOf(ref, namespace, 'Secret');
  if (!place.ok) return place;
  const secret = secretAt(lookup, place.value);
  if (!secret.ok) return secret;
  const key = ref.key || 'password';
  const text = textIn(secret.value, key);
  if (text !== undefined) return found({ text, version: `${versionOf(secret.value)}#${key}` });
  const message = `${objectTerm('Secret', place.value.namespace, place.value.name)} has no key "${key}"`;
  return failed({ reason: 'PasswordNotFound', message, hint: 'Put the password under that key, or name another key.' });
}

/** Tells this content of the Secret from every other that ever was. */
export const versionOf = ({ metadata }: Secret): string => `${metadata.uid}@${metadata.resourceVersion}`;

export function fileIn(secret: Secret, name: string): MaterialFile | undefined {
  const bytes = bytesIn(secret, name);
  return bytes === undefined ? undefined : { name, bytes };
}

export function bytesIn(secret: Secret, key: string): Uint8Array | undefined {
  const value = secret.data?.[key];
  return value === undefined || value === '' ? undefined : Buffer.from(value, 'base64');
}

/** A value as text; an empty one is one too, for a password may be empty. */
export function textIn(secret: Secret, key: string): string | undefined {
  const value = secret.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
}
