import { integer, octetString, oid, readOctetString, readSmallInteger, sequence } from '#pki/x509';
import type { DERCursor } from '#pki/x509';
import { decryptCBC, encryptCBC } from './block-cipher.ts';
import type { Encryption } from './encryption.ts';
import type { RandomBytes } from './keystore.ts';
import type { PasswordBytes } from './password.ts';
import { derivePKCS12 } from './pkcs12-kdf.ts';
import { decryptRC2CBC, encryptRC2CBC } from './rc2.ts';

/** A password-based encryption of RFC 7292, appendix C: SHA-1 derives key and initial vector. */
export interface PBES1Scheme {
  readonly name: string;
  readonly oid: string;
  readonly cipher: 'des-ede3-cbc' | 'rc2-cbc';
  readonly keyBytes: number;
  readonly weak: boolean;
}

const pbeOID = '1.2.840.113549.1.12.1';

export const pbeSHA1TripleDES: PBES1Scheme = {
  name: 'PBE-SHA1-3DES',
  oid: `${pbeOID}.3`,
  cipher: 'des-ede3-cbc',
  keyBytes: 24,
  weak: true,
};

export const pbeSHA1RC240: PBES1Scheme = {
  name: 'PBE-SHA1-RC2-40',
  oid: `${pbeOID}.6`,
  cipher: 'rc2-cbc',
  keyBytes: 5,
  weak: true,
};

const others: readonly PBES1Scheme[] = [
  { name: 'PBE-SHA1-2DES', oid: `${pbeOID}.4`, cipher: 'des-ede3-cbc', keyBytes: 16, weak: true },
  { name: 'PBE-SHA1-RC2-128', oid: `${pbeOID}.5`, cipher: 'rc2-cbc', keyBytes: 16, weak: true },
];

/** The schemes by object identifier. The two with RC4 are left out: no keystore of the last twenty years has them. */
export const pbes1Schemes: Readonly<Record<string, PBES1Scheme>> = Object.fromEntries(
  [pbeSHA1TripleDES, pbeSHA1RC240, ...others].map((scheme) => [scheme.oid, scheme]),
);

interface SaltedWork {
  readonly salt: Uint8Array;
  readonly iterations: number;
}

const ivBytes = 8;

export function readPBES1(scheme: PBES1Scheme, parameters: DERCursor): Encryption {
  const salt = readOctetString(parameters.next());
  const iterations = readSmallInteger(parameters.next());
  // A digest's worth (20 bytes) a derivation: the key takes one or two, the initial vector one.
  const derivations = Math.ceil(scheme.keyBytes / 20) + 1;
  return {
    name: scheme.name,
    weak: scheme.weak,
    iterations,
    derivations,
    decrypt: (encrypted, password) => decrypt(scheme, encrypted, derive(scheme, password, { salt, iterations })),
  };
}

function decrypt(scheme: PBES1Scheme, encrypted: Uint8Array, { key, iv }: KeyAndIV): Uint8Array | undefined {
  if (scheme.cipher === 'rc2-cbc') return decryptRC2CBC(encrypted, key, scheme.keyBytes * 8, iv);
  return decryptCBC(scheme.cipher, key, iv, encrypted);
}

/** `plain` encrypted, with the AlgorithmIdentifier that says how. */
export function encryptPBES1(
  scheme: PBES1Scheme,
  plain: Uint8Array,
  password: PasswordBytes,
  options: { readonly iterations: number; readonly saltBytes: number; readonly random: RandomBytes },
): { algorithm: Uint8Array; encrypted: Uint8Array } {
  const salt = options.random(options.saltBytes);
  const { key, iv } = derive(scheme, password, { salt, iterations: options.iterations });
  const algorithm = sequence(oid(scheme.oid), sequence(octetString(salt), integer(options.iterations)));
  const isRC2 = scheme.cipher === 'rc2-cbc';
  return {
    algorithm,
    encrypted: isRC2 ? encryptRC2CBC(plain, key, scheme.keyBytes * 8, iv) : encryptCBC(scheme.cipher, key, iv, plain),
  };
}

interface KeyAndIV {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

function derive(scheme: PBES1Scheme, password: PasswordBytes, work: SaltedWork): KeyAndIV {
  const wanted = { digest: 'sha1', password: password.bmp, ...work } as const;
  const key = derivePKCS12({ ...wanted, purpose: 'key', size: scheme.keyBytes });
  const iv = derivePKCS12({ ...wanted, purpose: 'iv', size: ivBytes });
  return { key: keyBytes(scheme, key), iv };
}

/** Two-key triple DES uses its first key again as the third. */
function keyBytes(scheme: PBES1Scheme, key: Uint8Array): Uint8Array {
  const isTwoKey = scheme.cipher === 'des-ede3-cbc' && scheme.keyBytes === 16;
  return isTwoKey ? Buffer.concat([key, key.subarray(0, 8)]) : key;
}
