import type { MaterialFile } from '#pki/material';
import type { Keystore, Secret } from '#model/resources';
import { issuedAt } from './certificate-secret.ts';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';
import { keystoreFilesIn } from './secret-files.ts';
import { fileIn, passwordOf, secretAt, textIn, versionOf } from './secrets.ts';
import { targetOf } from './target.ts';
import { step } from './trail.ts';
import type { Trail } from './trail.ts';

/** The bytes that a Keystore is made of, before they are read. Plain values: may be sent to another thread. */
export interface KeystoreSource {
  /** The Secret, `ns/name`. */
  readonly secretName: string;
  readonly files: readonly MaterialFile[];
  /** `ca.crt` beside the chain: presented to nobody, but it tells a root that is left out from what is missing. */
  readonly issuers?: MaterialFile;
  readonly password?: string;
  readonly keyPassword?: string;
  readonly alias?: string;
  /** Equal for equal bytes: made of the versions of the objects that they came from. */
  readonly version: string;
}

/** Where the Keystore at `place` gets its bytes, over at most eight stores. Reads no file. */
export function locateKeystore(lookup: Lookup, place: ObjectPlace, trail: Trail = []): Outcome<KeystoreSource> {
  const term = objectTerm('Keystore', place.namespace, place.name);
  const next = step(trail, term);
  if (!next.ok) return next;
  const keystore = lookup.get('Keystore', place.namespace, place.name);
  if (keystore !== undefined) return originOf(lookup, keystore, place.namespace, next.value);
  const hint = 'Create the Keystore.';
  return failed({ reason: 'KeystoreNotFound', message: `${term} does not exist`, hint, isWaiting: true });
}

/** Where an object other than a Keystore, `term` in messages, gets the key that it names as a Keystore does. */
export const locateKey = (
  lookup: Lookup,
  origin: Keystore['spec'],
  namespace: string,
  term: string,
): Outcome<KeystoreSource> => originOf(lookup, { spec: origin }, namespace, [term]);

function originOf(
  lookup: Lookup,
  { spec }: Pick<Keystore, 'spec'>,
  namespace: string,
  trail: Trail,
): Outcome<KeystoreSource> {
  const { secretRef, certificateRef, keystoreRef } = spec;
  if (keystoreRef !== undefined) {
    const place = targetOf(keystoreRef, namespace, 'Keystore');
    return place.ok ? withAlias(locateKeystore(lookup, place.value, trail), spec.alias) : place;
  }
  if (certificateRef !== undefined) {
    const place = targetOf(certificateRef, namespace, 'Certificate');
    return place.ok ? fromCertificate(lookup, place.value) : place;
  }
  if (secretRef !== undefined) {
    const place = targetOf(secretRef, namespace, 'Secret');
    return place.ok ? fromSecret(lookup, place.value, spec, namespace) : place;
  }
  const message = `${trail.at(-1)} does not say where its key comes from`;
  return failed({ reason: 'SourceNotClear', message, hint: 'Give one of secretRef, certificateRef and keystoreRef.' });
}

function withAlias(source: Outcome<KeystoreSource>, alias: string | undefined): Outcome<KeystoreSource> {
  if (!source.ok || alias === undefined) return source;
  return found({ ...source.value, alias, version: `${source.value.version}/${alias}` });
}

function fromCertificate(lookup: Lookup, place: ObjectPlace): Outcome<KeystoreSource> {
  const issued = issuedAt(lookup, place);
  return issued.ok ? fromFiles(issued.value.secret, ['tls.crt', 'tls.key'], {}) : issued;
}

function fromSecret(
  lookup: Lookup,
  place: ObjectPlace,
  spec: Keystore['spec'],
  namespace: string,
): Outcome<KeystoreSource> {
  const secret = secretAt(lookup, place);
  if (!secret.ok) return secret;
  const files = keystoreFilesIn(secret.value, spec.secretRef?.key);
  if (!files.ok) return files;
  const password = passwordOf(lookup, spec.passwordRef, namespace);
  if (!password.ok) return password;
  const keyPassword = passwordOf(lookup, spec.keyPasswordRef, namespace);
  if (!keyPassword.ok) return keyPassword;
  const source = fromFiles(secret.value, files.value, {
    password: password.value?.text ?? textIn(secret.value, 'password'),
    keyPassword: keyPassword.value?.text ?? textIn(secret.value, 'keyPassword'),
    passwordVersion: `${password.value?.version ?? ''},${keyPassword.value?.version ?? ''}`,
  });
  return withAlias(source, spec.alias);
}

interface Passwords {
  readonly password?: string | undefined;
  readonly keyPassword?: string | undefined;
  readonly passwordVersion?: string;
}

function fromFiles(secret: Secret, keys: readonly string[], given: Passwords): Outcome<KeystoreSource> {
  const issuers = keys.includes('tls.crt') ? fileIn(secret, 'ca.crt') : undefined;
  const { password, keyPassword, passwordVersion = '' } = given;
  return found({
    secretName: `${secret.metadata.namespace ?? ''}/${secret.metadata.name}`,
    files: keys.flatMap((key) => fileIn(secret, key) ?? []),
    ...(issuers === undefined ? {} : { issuers }),
    ...(password === undefined ? {} : { password }),
    ...(keyPassword === undefined ? {} : { keyPassword }),
    version: `${versionOf(secret)}#${keys.join('+')}|${passwordVersion}`,
  });
}
