import { Tag, parseSequence, readOctetString } from '#pki/x509';
import { readAlgorithm } from './algorithm.ts';
import { berToDER } from './ber.ts';
import { readEncryption } from './encryption.ts';
import { wrongPassword } from './limits.ts';
import { passwordReadings } from './password.ts';
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
export function readEncryptedKey(bytes: Uint8Array, password: string): Uint8Array {
  return readingKeystore(() => {
    const fields = parseSequence(bytes, 'EncryptedPrivateKeyInfo');
    const encryption = readEncryption(readAlgorithm(fields.next()), 'the private key');
    const encrypted = readOctetString(fields.next());
    const budget = new WorkBudget();
    for (const reading of passwordReadings(password)) {
      budget.spend(encryption.iterations, encryption.derivations, 'the private key');
      const plain = encryption.decrypt(encrypted, reading);
      const key = plain && readable(() => readPrivateKeyInfo(plain));
      if (key !== undefined) return key;
    }
    throw wrongPassword('the private key');
  });
}
