import { randomBytes } from 'node:crypto';
import { writeJCEKS, writeJKS, writePKCS12 } from '#pki/keystore';
import type { Keystore } from '#pki/keystore';
import type { Certificate } from '#pki/x509';
import { fixtureNow, makeCA, makeCertificate } from '../x509/certificates/certificate.fixture.ts';
import type { Fixture } from '../x509/certificates/certificate.fixture.ts';

/** One small PKI and files made of it, as people upload them. */

export const now = fixtureNow;
export const password = 'sésame-9f3b';
export const random = (size: number): Uint8Array => Uint8Array.from(randomBytes(size));

export const root = makeCA('Root');
export const upper = makeCA('Upper', root);
export const lower = makeCA('Lower', upper);
export const leaf = makeCertificate({ subject: 'leaf', issuer: lower, isCA: false });
export const other = makeCertificate({ subject: 'other', issuer: lower, isCA: false });
/** In the order of a good file. */
export const family = [leaf, lower, upper, root];

/** A leaf under `count` intermediates, the root last. */
export function longChain(count: number): Fixture[] {
  const authorities = [root];
  for (let i = 0; i < count; i++) authorities.push(makeCA(`Level ${i}`, authorities.at(-1)));
  const end = makeCertificate({ subject: 'deep', issuer: authorities.at(-1)!, isCA: false });
  return [end, ...authorities.toReversed()];
}

export function pem(...certificates: readonly (Fixture | Certificate)[]): string {
  return certificates.map((one) => ('key' in one ? one.certificate : one).toPEM()).join('');
}

export function keyPEM({ key }: Fixture): string {
  return key.toPEM('PKCS8');
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'utf8'));
}

export function der({ certificate }: Fixture): Uint8Array {
  return certificate.der;
}

/** An entry with its chain, in the given order. */
export function keyEntry(alias: string, owner: Fixture, chain: readonly Fixture[]): Keystore['entries'][number] {
  return { type: 'key', alias, key: owner.key.toDER('PKCS8'), chain: chain.map(der) };
}

export function trustedEntry(alias: string, one: Fixture): Keystore['entries'][number] {
  return { type: 'trusted', alias, certificate: one.certificate.der };
}

export function jks(...entries: Keystore['entries']): Uint8Array {
  return writeJKS({ entries }, { password, random, now });
}

export function jceks(...entries: Keystore['entries']): Uint8Array {
  return writeJCEKS({ entries }, { password, random, now });
}

export function pkcs12(...entries: Keystore['entries']): Uint8Array {
  return writePKCS12({ entries }, { password, profile: 'Modern2023', random });
}

/** Subjects of certificates, without `CN=`. */
export function names(certificates: readonly (Certificate | undefined)[]): string[] {
  return certificates.map((certificate) => certificate?.commonName ?? '-');
}
