import type { Secret } from '#model/resources';
import { objectTerm } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';

const pair = ['tls.crt', 'tls.key'] as const;
const passwords = ['password', 'keyPassword'];
const keystoreFiles = ['keystore', 'keystore.p12', 'keystore.jks'];
const truststoreFiles = ['truststore', 'ca.crt', 'truststore.p12', 'truststore.jks'];

/**
 * The keys of a Secret whose values are the keystore: the one that is named, else `keystore`, else certificate and key
 * side by side, else a file by the names that cert-manager gives keystores, else the only value that is no password.
 */
export function keystoreFilesIn(secret: Secret, named: string | undefined): Outcome<readonly string[]> {
  const keys = valuesOf(secret);
  if (named === pair[0] && keys.includes(pair[1])) return found(pair);
  if (named !== undefined) return namedIn(secret, keys, named);
  const [file, ...others] = keystoreFiles.filter((key) => keys.includes(key));
  if (file === 'keystore') return found([file]);
  if (pair.every((key) => keys.includes(key))) return found(pair);
  if (file !== undefined && others.length === 0) return found([file]);
  return onlyIn(secret, keys, 'a keystore');
}

/**
 * The key of a Secret whose value holds certificates to be trusted: the one that is named, else `truststore`, else
 * `ca.crt`, else a file by the names that cert-manager gives truststores, else the only value that is no password.
 */
export function truststoreFilesIn(secret: Secret, named: string | undefined): Outcome<readonly string[]> {
  const keys = valuesOf(secret);
  if (named !== undefined) return namedIn(secret, keys, named);
  const file = truststoreFiles.find((key) => keys.includes(key));
  return file === undefined ? onlyIn(secret, keys, 'certificates') : found([file]);
}

function valuesOf({ data = {} }: Secret): string[] {
  return Object.keys(data).filter((key) => data[key] !== '');
}

function namedIn({ metadata }: Secret, keys: readonly string[], named: string): Outcome<readonly string[]> {
  if (keys.includes(named)) return found([named]);
  const message = `${objectTerm('Secret', metadata.namespace, metadata.name)} has no key "${named}"`;
  return failed({ reason: 'SecretKeyNotFound', message, hint: `Name one of its keys: ${keys.join(', ') || 'none'}.` });
}

function onlyIn({ metadata }: Secret, keys: readonly string[], what: string): Outcome<readonly string[]> {
  const files = keys.filter((key) => !passwords.includes(key)).sort();
  if (files.length === 1) return found(files);
  const term = objectTerm('Secret', metadata.namespace, metadata.name);
  const message = files.length === 0 ? `${term} has no values` : `${term} does not say which value holds ${what}`;
  return failed({ reason: 'SecretKeyNotFound', message, hint: `Set "key" to one of its keys: ${files.join(', ')}.` });
}
