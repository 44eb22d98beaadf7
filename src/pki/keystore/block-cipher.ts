import { createCipheriv, createDecipheriv } from 'node:crypto';

/** `plain` encrypted with PKCS#7 padding by one of OpenSSL's ciphers in CBC mode. */
export function encryptCBC(cipher: string, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const encryption = createCipheriv(cipher, key, iv);
  return Buffer.concat([encryption.update(plain), encryption.final()]);
}

/** The plaintext, or undefined where length or padding are wrong. */
export function decryptCBC(
  cipher: string,
  key: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  const decryption = createDecipheriv(cipher, key, iv);
  const start = decryption.update(encrypted);
  try {
    return Buffer.concat([start, decryption.final()]);
  } catch {
    return undefined;
  }
}
