import { Tag, octetString, parseSequence, readOctetString, sequence } from '#pki/x509';
import { readAlgorithm } from './algorithm.ts';
import { berToDER } from './ber.ts';
import { readEncryption } from './encryption.ts';
import type { KeystorePasswords, RandomBytes } from './keystore.ts';
import { wrongPassword } from './limits.ts';
import { passwordBytes, passwordReadings } from './password.ts';
import { encryptPBES2 } from './pbes2.ts';
import { readable, readingKeystore } from './translate.ts';
import { WorkBudget } from './work-budget.ts';

/** A copy of a PrivateKeyInfo (RFC 5958, section 2), looked at no closer than to tell it from noise. */
export function readPrivateKeyInfo(plain: Uint8Array): Uint8Array {
  const der = berToDER(plain);
  const fields = parseSequence(der, 'PrivateKeyInfo');
  fields.next(Tag.integer, 'version');
  readAlgorithm(fields.next());
  fields.next(Tag.octetString, 'private key');
  return Uint8Array.from(der);
}

/**
 * The PKCS#8 bytes inside an EncryptedPrivateKeyInfo (RFC 5958, section 3), the content of a PEM block `ENCRYPTED PRIVATE
 * KEY`. Errors: `keystore-malformed`, `keystore-password-wrong`, `keystore-unsupported`.
 */
export function readEncryptedKey(
  bytes: Uint8Array,
  password: string,
  { workLimit }: Pick<KeystorePasswords, 'workLimit'> = {},
): Uint8Array {
  return readingKeystore(() => {
    const fields = parseSequence(bytes, 'EncryptedPrivateKeyInfo');
    const encryption = readEncryption(readAlgorithm(fields.next()), 'the private key');
    const encrypted = readOctetString(fields.next());
    const budget = new WorkBudget(workLimit);
    for (const reading of passwordReadings(password)) {
      budget.spend(encryption.iterations, encryption.derivations, 'the private key');
      const plain = encryption.decrypt(encrypted, reading);
      const key = plain && readable(() => readPrivateKeyInfo(plain));
      if (key !== undefined) return key;
    }
    throw wrongPassword('the private key');
  });
}

/** openssl writes 2048, from days of slower processors. */
const iterations = 100_000;

/** `key`, PKCS#8, as an EncryptedPrivateKeyInfo with AES-256 and PBKDF2-HMAC-SHA-256: some hundredths of a second. */
export function writeEncryptedKey(
  key: Uint8Array,
  { password, random }: { readonly password: string; readonly random: RandomBytes },
): Uint8Array {
  const sealing = { iterations, saltBytes: 16, random };
  const { algorithm, encrypted } = encryptPBES2(key, passwordBytes(password), sealing);
  return Uint8Array.from(sequence(algorithm, octetString(encrypted)));
}
