import { hash } from 'node:crypto';
import { integer, octetString, oid, readOctetString, readSmallInteger, sequence } from '#pki/x509';
import type { DERCursor } from '#pki/x509';
import { decryptCBC, encryptCBC } from './block-cipher.ts';
import type { RandomBytes } from './keystore.ts';
import { malformed } from './limits.ts';
import type { WorkBudget } from './work-budget.ts';

/** PBEWithMD5AndTripleDES, the algorithm of the keys in a JCEKS file; Sun's own. */
export const jceksKeyProtectorOID = '1.3.6.1.4.1.42.2.19.1';

const halfBytes = 4;

/**
 * The key, or undefined when the password is not the right one. The password counts by its low bytes, as Java's
 * PBEKey takes it (ASCII only).
 */
export function unprotectJCEKSKey(
  encrypted: Uint8Array,
  parameters: DERCursor,
  password: string,
  budget: WorkBudget,
  place: string,
): Uint8Array | undefined {
  const salt = readOctetString(parameters.next());
  const iterations = readSmallInteger(parameters.next());
  if (salt.length !== 2 * halfBytes) throw malformed(`The salt has ${salt.length} bytes, not 8.`, place);
  budget.spend(iterations, 2, place);
  const derived = derive(Buffer.from(password, 'latin1'), salt, iterations);
  return decryptCBC('des-ede3-cbc', derived.subarray(0, 24), derived.subarray(24), encrypted);
}

/** Java's own is 200,000, a quarter of a second of one core for each key. */
const writtenIterations = 20_000;

/** `key` as `unprotectJCEKSKey` opens it, with what it takes for that. */
export function protectJCEKSKey(
  key: Uint8Array,
  password: string,
  random: RandomBytes,
): { salt: Uint8Array; iterations: number; encrypted: Uint8Array } {
  const salt = random(2 * halfBytes);
  const derived = derive(Buffer.from(password, 'latin1'), salt, writtenIterations);
  const encrypted = encryptCBC('des-ede3-cbc', derived.subarray(0, 24), derived.subarray(24), key);
  return { salt, iterations: writtenIterations, encrypted };
}

/** The AlgorithmIdentifier, with the PBEParameter of PKCS#5. */
export function jceksKeyAlgorithm(salt: Uint8Array, iterations: number): Uint8Array {
  return sequence(oid(jceksKeyProtectorOID), sequence(octetString(salt), integer(iterations)));
}

/** Each half of the salt is digested by itself, `iterations` times with the password: 16 bytes a half. */
function derive(password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
  return Buffer.concat(saltHalves(salt).map((half) => iterateMD5(half, password, iterations)));
}

const digestBytes = 16;

/** node:crypto gives a text of the digest three times as fast as a buffer of it. */
function iterateMD5(half: Uint8Array, password: Uint8Array, iterations: number): Uint8Array {
  const input = Buffer.concat([hash('md5', Buffer.concat([half, password]), 'buffer'), password]);
  for (let i = 1; i < iterations; i++) input.write(hash('md5', input, 'binary'), 0, 'latin1');
  return input.subarray(0, digestBytes);
}

/** Equal halves would give equal keys, so Java reverses the first one then. */
function saltHalves(salt: Uint8Array): Uint8Array[] {
  const first = salt.slice(0, halfBytes);
  const second = salt.slice(halfBytes);
  return Buffer.compare(first, second) === 0 ? [first.reverse(), second] : [first, second];
}
