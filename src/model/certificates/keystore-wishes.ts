import type { CertificateSpec, Secret } from '#model/resources';
import { decodeText } from './material.ts';
import { secretKey } from './names.ts';
import type { CertificateSnapshot } from './snapshot.ts';
import { warning } from './step.ts';
import type { Remark } from './step.ts';
import type { KeystoreWish } from './tasks.ts';

type Keystores = NonNullable<CertificateSpec['keystores']>;
type PasswordSource = {
  readonly password?: string;
  readonly passwordSecretRef?: { readonly name: string; readonly key?: string };
};

const defaultPasswordKey = 'password';

/** The keystores that the spec asks for, with their passwords; or what is missing to make them. */
export function keystoreWishes(snapshot: CertificateSnapshot): KeystoreWish[] | Remark {
  const { jks, pkcs12 } = snapshot.certificate.spec.keystores ?? {};
  const wishes: KeystoreWish[] = [];
  for (const [format, keystore] of [
    ['jks', jks],
    ['pkcs12', pkcs12],
  ] as const) {
    if (keystore?.create !== true) continue;
    const password = passwordOf(keystore, snapshot.passwordSecrets ?? {});
    if (password === undefined) return passwordMissing(format, keystore);
    wishes.push(format === 'jks' ? jksWish(password, jks!) : pkcs12Wish(password, pkcs12!));
  }
  return wishes;
}

/** Names of the Secrets that the keystores' passwords are in. */
export function passwordSecretNames({ keystores }: CertificateSpec): string[] {
  const sources: (PasswordSource | undefined)[] = [keystores?.jks, keystores?.pkcs12];
  return sources.flatMap((source) => source?.passwordSecretRef?.name ?? []);
}

/** Keys of the Secret that must be there for the keystores that are asked for. */
export function keystoreFiles({ keystores }: CertificateSpec, hasCA: boolean): string[] {
  const files: string[] = [];
  if (keystores?.jks?.create === true) files.push(secretKey.jksKeystore, ...(hasCA ? [secretKey.jksTruststore] : []));
  if (keystores?.pkcs12?.create === true)
    files.push(secretKey.pkcs12Keystore, ...(hasCA ? [secretKey.pkcs12Truststore] : []));
  return files;
}

function passwordOf(source: PasswordSource, secrets: Readonly<Record<string, Secret>>): string | undefined {
  if (source.password !== undefined) return source.password;
  const { name, key = defaultPasswordKey } = source.passwordSecretRef ?? { name: '' };
  const value = secrets[name]?.data?.[key];
  return value === undefined || value === '' ? undefined : decodeText(value);
}

function jksWish(password: string, { alias }: NonNullable<Keystores['jks']>): KeystoreWish {
  return { format: 'jks', password, ...(alias === undefined || alias === '' ? {} : { alias }) };
}

function pkcs12Wish(password: string, { profile = 'LegacyRC2' }: NonNullable<Keystores['pkcs12']>): KeystoreWish {
  return { format: 'pkcs12', password, profile };
}

function passwordMissing(format: 'jks' | 'pkcs12', { passwordSecretRef }: PasswordSource): Remark {
  const { name = '', key = defaultPasswordKey } = passwordSecretRef ?? {};
  const title = format === 'jks' ? 'JKS' : 'PKCS12';
  const message = `Failed to fetch ${title} keystore password: Secret "${name}" with key "${key}" not found`;
  return warning('KeystorePasswordSecretNotFound', message);
}
