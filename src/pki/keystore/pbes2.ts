import { octetString, oid, readOctetString, sequence } from '#pki/x509';
import type { DERCursor } from '#pki/x509';
import { readAlgorithm } from './algorithm.ts';
import { decryptCBC, encryptCBC } from './block-cipher.ts';
import type { Encryption } from './encryption.ts';
import type { RandomBytes } from './keystore.ts';
import { malformed, unsupported } from './limits.ts';
import type { PasswordBytes } from './password.ts';
import { derivePBKDF2, pbkdf2Algorithm, readPBKDF2 } from './pbkdf2.ts';

export const pbes2OID = '1.2.840.113549.1.5.13';

interface Cipher {
  readonly name: string;
  /** OpenSSL's name. */
  readonly cipher: string;
  readonly keyBytes: number;
  readonly ivBytes: number;
}

const aes256: Cipher = { name: 'AES-256-CBC', cipher: 'aes-256-cbc', keyBytes: 32, ivBytes: 16 };
const aes256OID = '2.16.840.1.101.3.4.1.42';

const ciphers: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'AES-128-CBC', cipher: 'aes-128-cbc', keyBytes: 16, ivBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'AES-192-CBC', cipher: 'aes-192-cbc', keyBytes: 24, ivBytes: 16 },
  [aes256OID]: aes256,
  '1.2.840.113549.3.7': { name: '3DES-CBC', cipher: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8 },
};

/** PBES2-params of RFC 8018, appendix A.4. */
export function readPBES2(parameters: DERCursor, place: string): Encryption {
  const kdf = readPBKDF2(parameters.next(), place);
  const { cipher, iv } = readCipher(parameters, place);
  return {
    name: `PBES2 ${cipher.name} PBKDF2-HMAC-${kdf.digest.toUpperCase()}`,
    weak: cipher.cipher === 'des-ede3-cbc',
    iterations: kdf.iterations,
    derivations: Math.ceil(cipher.keyBytes / 20),
    decrypt: (encrypted, { utf8 }) =>
      decryptCBC(cipher.cipher, derivePBKDF2(utf8, kdf, cipher.keyBytes), iv, encrypted),
  };
}

function readCipher(parameters: DERCursor, place: string): { cipher: Cipher; iv: Uint8Array } {
  const algorithm = readAlgorithm(parameters.next());
  const cipher = ciphers[algorithm.oid];
  if (cipher === undefined) throw unsupported(`The cipher ${algorithm.oid} is not supported.`, place);
  if (algorithm.parameters === undefined) throw malformed('The cipher has no initial vector.', place);
  const iv = readOctetString(algorithm.parameters);
  if (iv.length !== cipher.ivBytes) throw malformed(`The initial vector has ${iv.length} bytes.`, place);
  return { cipher, iv };
}

/** `plain` encrypted with AES-256-CBC under PBKDF2-HMAC-SHA-256, with the AlgorithmIdentifier that says so. */
export function encryptPBES2(
  plain: Uint8Array,
  password: PasswordBytes,
  options: { readonly iterations: number; readonly saltBytes: number; readonly random: RandomBytes },
): { algorithm: Uint8Array; encrypted: Uint8Array } {
  const salt = options.random(options.saltBytes);
  const iv = options.random(aes256.ivBytes);
  const kdf = { salt, iterations: options.iterations, keyLength: undefined, digest: 'sha256' } as const;
  const key = derivePBKDF2(password.utf8, kdf, aes256.keyBytes);
  const cipher = sequence(oid(aes256OID), octetString(iv));
  const parameters = sequence(pbkdf2Algorithm(salt, options.iterations), cipher);
  return {
    algorithm: sequence(oid(pbes2OID), parameters),
    encrypted: encryptCBC(aes256.cipher, key, iv, plain),
  };
}
