import { derNull, octetString, oid, sequence } from '#pki/x509';
import { assertDistinctAliases } from './aliases.ts';
import { javaText, javaTime, javaU32 } from './java-bytes.ts';
import { jceksKeyAlgorithm, protectJCEKSKey } from './jceks-key-protector.ts';
import { containerDigest, jceksMagic, jksMagic, keyTag, trustedTag } from './jks-layout.ts';
import type { Keystore, KeystoreEntry, RandomBytes } from './keystore.ts';
import { protectSunKey, sunKeyProtectorOID } from './sun-key-protector.ts';

interface WriteOptions {
  readonly password: string;
  /** Password of the keys where it is not the keystore's. */
  readonly keyPassword?: string;
  readonly random: RandomBytes;
  /** The date that Java shows for every entry. */
  readonly now: Date;
}

/** How a key of the file is protected: its EncryptedPrivateKeyInfo. */
type KeyProtection = (key: Uint8Array, password: string, random: RandomBytes) => Uint8Array;

const sunAlgorithm = sequence(oid(sunKeyProtectorOID), derNull);
const certificateType = javaText('X.509', '');

/**
 * A JKS file of version 2. Names are lower-cased, as Java does when it stores them and expects when it looks them up.
 * Keys may be of any algorithm: they are PKCS#8 bytes here. Error: `keystore-unsupported` for names that are too long,
 * or alike.
 */
export function writeJKS(keystore: Keystore, options: WriteOptions): Uint8Array {
  return written(jksMagic, keystore, options, (key, password, random) =>
    sequence(sunAlgorithm, octetString(protectSunKey(key, password, random))),
  );
}

/**
 * A JCEKS file: JKS with keys under triple DES, which Java reads to this day and nobody should choose anew. The password
 * of the keys counts by its low bytes. Errors as writeJKS.
 */
export function writeJCEKS(keystore: Keystore, options: WriteOptions): Uint8Array {
  return written(jceksMagic, keystore, options, (key, password, random) => {
    const { salt, iterations, encrypted } = protectJCEKSKey(key, password, random);
    return sequence(jceksKeyAlgorithm(salt, iterations), octetString(encrypted));
  });
}

function written(magic: number, keystore: Keystore, options: WriteOptions, protect: KeyProtection): Uint8Array {
  assertDistinctAliases(keystore);
  const entries = keystore.entries.flatMap((entry, i) => entryParts(entry, options, protect, `entries[${i}].alias`));
  const header = [javaU32(magic), javaU32(2), javaU32(keystore.entries.length)];
  const content = Buffer.concat([...header, ...entries]);
  return Uint8Array.from(Buffer.concat([content, containerDigest(content, options.password)]));
}

function entryParts(entry: KeystoreEntry, options: WriteOptions, protect: KeyProtection, field: string): Uint8Array[] {
  const name = javaText(entry.alias.toLowerCase(), field);
  const created = javaTime(options.now);
  if (entry.type === 'trusted') return [javaU32(trustedTag), name, created, ...certificateParts(entry.certificate)];
  const protectedKey = protect(entry.key, options.keyPassword ?? options.password, options.random);
  const chain = entry.chain.flatMap(certificateParts);
  return [javaU32(keyTag), name, created, ...sized(protectedKey), javaU32(entry.chain.length), ...chain];
}

function certificateParts(certificate: Uint8Array): Uint8Array[] {
  return [certificateType, ...sized(certificate)];
}

function sized(bytes: Uint8Array): Uint8Array[] {
  return [javaU32(bytes.length), bytes];
}
