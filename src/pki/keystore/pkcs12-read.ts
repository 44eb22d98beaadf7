import type { Keystore, KeystorePasswords } from './keystore.ts';
import { assertKeystoreSize } from './limits.ts';
import { readBags } from './pkcs12-bags.ts';
import { PKCS12Opener } from './pkcs12-opener.ts';
import { pairBags } from './pkcs12-pairing.ts';
import { readPFX } from './pkcs12-pfx.ts';
import { readingKeystore } from './translate.ts';

/**
 * The entries of a PKCS#12 file (RFC 7292) as openssl, Java, Go, Windows, Firefox and this room write it: PBE with
 * SHA-1 and RC2 or triple DES, PBES2, MACs with SHA-1 or SHA-2, PBMAC1 (RFC 9579), or no protection at all. Errors:
 * `keystore-malformed`, `keystore-password-wrong`, `keystore-unsupported` (another algorithm, or a limit).
 */
export function readPKCS12(bytes: Uint8Array, passwords: KeystorePasswords): Keystore {
  assertKeystoreSize(bytes);
  return readingKeystore(() => {
    const pfx = readPFX(bytes);
    const opener = new PKCS12Opener(pfx, passwords);
    return pairBags(readBags(pfx.content, opener));
  });
}
