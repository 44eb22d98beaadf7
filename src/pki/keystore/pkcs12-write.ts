import { hash } from 'node:crypto';
import { bmpString, encode, explicit, integer, octetString, oid, sequence, setOf } from '#pki/x509';
import { encryptPBES1, pbeSHA1RC240, pbeSHA1TripleDES } from './pbes1.ts';
import { encryptPBES2 } from './pbes2.ts';
import { assertDistinctAliases } from './aliases.ts';
import type { KeyEntry, Keystore, RandomBytes, TrustedEntry } from './keystore.ts';
import { passwordBytes } from './password.ts';
import type { PasswordBytes } from './password.ts';
import { writeMac } from './pkcs12-mac.ts';
import * as oids from './pkcs12-oids.ts';
import { pkcs12Profiles } from './pkcs12-profiles.ts';
import type { BagCipher, PKCS12Profile, PKCS12ProfileName } from './pkcs12-profiles.ts';

interface WriteOptions {
  readonly password: string;
  readonly profile: PKCS12ProfileName;
  readonly random: RandomBytes;
}

interface Sealing {
  readonly password: PasswordBytes;
  readonly profile: PKCS12Profile;
  readonly random: RandomBytes;
}

/**
 * A PFX (RFC 7292) with all certificates encrypted together and each private key by itself, under one password. The
 * certificates of a chain follow their key's; one that occurs twice is written once. Trusted entries carry the attribute
 * that makes Java list them. Error: `keystore-unsupported` when two entries have names that Java takes for the same.
 */
export function writePKCS12(keystore: Keystore, options: WriteOptions): Uint8Array {
  assertDistinctAliases(keystore);
  const sealing: Sealing = {
    password: passwordBytes(options.password),
    profile: pkcs12Profiles[options.profile],
    random: options.random,
  };
  const content = authenticatedSafe(keystore, sealing);
  const mac = writeMac(content, sealing.password, sealing.profile, sealing.random);
  return Uint8Array.from(sequence(integer(3), plainContent(content), mac));
}

/** AuthenticatedSafe: the encrypted certificates, then the keys, where there are any. */
function authenticatedSafe(keystore: Keystore, sealing: Sealing): Uint8Array {
  const certificates = sequence(...certificateBags(keystore));
  const keys = keystore.entries.filter((entry) => entry.type === 'key').map((entry) => keyBag(entry, sealing));
  const safes = [encryptedContent(certificates, sealing)];
  if (keys.length > 0) safes.push(plainContent(sequence(...keys)));
  return sequence(...safes);
}

function plainContent(content: Uint8Array): Uint8Array {
  return sequence(oid(oids.pkcs7Data), explicit(0, octetString(content)));
}

/** EncryptedData of RFC 5652, section 8, version 0. */
function encryptedContent(plain: Uint8Array, sealing: Sealing): Uint8Array {
  const { algorithm, encrypted } = sealed(plain, sealing.profile.certificates, sealing);
  const info = sequence(oid(oids.pkcs7Data), algorithm, encode(0x80, encrypted));
  return sequence(oid(oids.pkcs7EncryptedData), explicit(0, sequence(integer(0), info)));
}

function sealed(
  plain: Uint8Array,
  cipher: BagCipher,
  { password, profile, random }: Sealing,
): { algorithm: Uint8Array; encrypted: Uint8Array } {
  const work = { iterations: profile.encryptionIterations, saltBytes: profile.saltBytes, random };
  if (cipher === 'AES-256') return encryptPBES2(plain, password, work);
  return encryptPBES1(cipher === '3DES' ? pbeSHA1TripleDES : pbeSHA1RC240, plain, password, work);
}

/** PKCS8ShroudedKeyBag: an EncryptedPrivateKeyInfo (RFC 5958). */
function keyBag(entry: KeyEntry, sealing: Sealing): Uint8Array {
  const { algorithm, encrypted } = sealed(entry.key, sealing.profile.key, sealing);
  return safeBag(oids.shroudedKeyBag, sequence(algorithm, octetString(encrypted)), pairAttributes(entry));
}

/**
 * A certificate of several chains is written once. One that is trusted as well is written again, with the mark: readers
 * take chains from the unmarked ones.
 */
function certificateBags(keystore: Keystore): Uint8Array[] {
  const written = new Set<string>();
  return keystore.entries.flatMap((entry) => {
    if (entry.type === 'trusted') return trustedBag(entry);
    return entry.chain.flatMap((certificate, i) => {
      const id = fingerprint(certificate);
      if (i > 0 && written.has(id)) return [];
      written.add(id);
      return certificateBag(certificate, i === 0 ? pairAttributes(entry) : []);
    });
  });
}

function trustedBag({ alias, certificate, seenByJava }: TrustedEntry): Uint8Array {
  return certificateBag(certificate, trustedAttributes(alias, seenByJava ?? true));
}

function certificateBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  const content = sequence(oid(oids.x509Certificate), explicit(0, octetString(certificate)));
  return safeBag(oids.certificateBag, content, attributes);
}

function safeBag(type: string, content: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  return sequence(oid(type), explicit(0, content), ...(attributes.length === 0 ? [] : [setOf(...attributes)]));
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

function nameAttributes(alias: string): Uint8Array[] {
  return alias === '' ? [] : [attribute(oids.friendlyName, bmpString(alias))];
}

/** What a key and its certificate have in common, so that readers find the one from the other. */
function pairAttributes(entry: KeyEntry): Uint8Array[] {
  const leaf = entry.chain[0];
  const id = entry.localKeyId ?? (leaf && hash('sha1', leaf, 'buffer'));
  return [...nameAttributes(entry.alias), ...(id === undefined ? [] : [attribute(oids.localKeyId, octetString(id))])];
}

function trustedAttributes(alias: string, seenByJava: boolean): Uint8Array[] {
  const mark = attribute(oids.oracleTrustedKeyUsage, oid(oids.anyExtendedKeyUsage));
  return [...nameAttributes(alias), ...(seenByJava ? [mark] : [])];
}

function fingerprint(certificate: Uint8Array): string {
  return hash('sha256', certificate, 'base64');
}
