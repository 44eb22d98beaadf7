import { CodedError } from '#errors';
import { readEncryptedKey } from '#pki/keystore';
import { parseCertificate, parsePrivateKeyDER } from '#pki/x509';
import type { PrivateKey } from '#pki/x509';
import type { DERKind } from './der-kind.ts';
import type { Access } from './find-material.ts';
import { entryPlace, located } from './found.ts';
import type { FoundCertificate, FoundFile, FoundKey } from './found.ts';
import { sizeLimits, tooLarge, unfit } from './limits.ts';
import { readPKCS7 } from './pkcs7.ts';

/** One DER structure: a certificate, a PKCS#7 bundle of them, or a private key. Errors name the entry. */
export function findInDER(name: string, der: Uint8Array, kind: DERKind, access: Access): FoundFile {
  const format = kind === 'pkcs7' ? 'PKCS7' : 'DER';
  const place = entryPlace(name, 1, kindNames[kind]);
  const none: FoundFile = { format, keys: [], certificates: [], ignored: [] };
  switch (kind) {
    case 'certificate':
      return { ...none, certificates: [readCertificate(der, place)] };
    case 'pkcs7':
      return { ...none, certificates: readBundle(der, place, name) };
    case 'key':
    case 'encrypted-key':
      return { ...none, keys: [readKey(der, kind, place, access)] };
    case 'request':
    case 'crl':
    case 'public-key':
      break;
  }
  return { ...none, ignored: [{ place, what: kindNames[kind] }] };
}

/** What people call a structure. */
export const kindNames: Record<DERKind, string> = {
  certificate: 'certificate',
  request: 'certificate request',
  key: 'private key',
  'encrypted-key': 'private key',
  pkcs7: 'PKCS#7',
  crl: 'revocation list',
  'public-key': 'public key',
};

export function readCertificate(der: Uint8Array, place: string, alias = ''): FoundCertificate {
  // A copy, since what was uploaded must not stay in memory for one certificate of it.
  return { place, alias, certificate: located(place, () => parseCertificate(Uint8Array.from(der))) };
}

/** The certificates of a PKCS#7 file, numbered as entries of their own. */
export function readBundle(der: Uint8Array, place: string, name: string): FoundCertificate[] {
  const certificates = located(place, () => readPKCS7(der));
  assertCount(certificates.length, name);
  return certificates.map((one, i) => readCertificate(one, entryPlace(name, i + 1, 'certificate')));
}

/** Error `material-too-large` when a file has more certificates than are read. */
export function assertCount(certificates: number, name: string): void {
  if (certificates <= sizeLimits.certificates) return;
  throw tooLarge(`The file has ${certificates} certificates; at most ${sizeLimits.certificates} are read.`, name);
}

export function readKey(der: Uint8Array, kind: 'key' | 'encrypted-key', place: string, access: Access): FoundKey {
  refuseKey(place, access);
  const plain = kind === 'key' ? der : openedKey(der, place, access);
  return { place, alias: '', key: readPlainKey(plain, place) };
}

export function readPlainKey(der: Uint8Array, place: string): PrivateKey {
  return located(place, () => parsePrivateKeyDER(der));
}

function openedKey(der: Uint8Array, place: string, access: Access): Uint8Array {
  const password = access.keyPassword ?? access.password;
  if (password === undefined) throw passwordMissing(`${place} is encrypted and no password was given.`, place);
  return located(place, () => readEncryptedKey(der, password, { workLimit: access.workLimit }));
}

/** Error `keystore-password-missing`. */
export function passwordMissing(message: string, field: string): CodedError {
  return new CodedError('keystore-password-missing', message, {
    ...(field === '' ? {} : { field }),
    hint: 'Give the password, by reference to a Secret (passwordRef, keyPasswordRef).',
  });
}

/** Error `material-unfit` where certificates alone were asked for. */
export function refuseKey(place: string, { keys }: Pick<Access, 'keys'>): void {
  if (keys === 'wanted') return;
  const hint =
    'Leave the key out and replace it, since it was sent where keys are not kept; export certificates alone with ' +
    '"keytool -exportcert" or "openssl pkcs12 -nokeys".';
  throw unfit(`${place}: what is trusted has no private key.`, place, hint);
}
