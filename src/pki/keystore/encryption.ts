import { parameterFields } from './algorithm.ts';
import type { Algorithm } from './algorithm.ts';
import { unsupported } from './limits.ts';
import type { PasswordBytes } from './password.ts';
import { readPBES1, pbes1Schemes } from './pbes1.ts';
import { pbes2OID, readPBES2 } from './pbes2.ts';

/** One way in which a file is encrypted with a password, read from its AlgorithmIdentifier. */
export interface Encryption {
  /** As people call it: `PBES2 AES-256-CBC PBKDF2-HMAC-SHA256`. */
  readonly name: string;
  /** Whether the cipher or the key size is broken, so that the password is no protection. */
  readonly weak: boolean;
  readonly iterations: number;
  /** How often the iterations run for one opening. */
  readonly derivations: number;
  /** The plaintext, or undefined where its padding shows that the password is not the right one. */
  decrypt(encrypted: Uint8Array, password: PasswordBytes): Uint8Array | undefined;
}

/** Error `keystore-unsupported` for any other than the schemes of RFC 7292, appendix C, with RC2 or DES, and PBES2. */
export function readEncryption(algorithm: Algorithm, place: string): Encryption {
  if (algorithm.oid === pbes2OID) return readPBES2(parameterFields(algorithm, place), place);
  const scheme = pbes1Schemes[algorithm.oid];
  if (scheme !== undefined) return readPBES1(scheme, parameterFields(algorithm, place));
  throw unsupported(`Encryption with ${algorithm.oid} is not supported.`, place, 'Write the keystore again with AES.');
}
