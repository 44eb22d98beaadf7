import { pbkdf2Sync } from 'node:crypto';
import {
  DERCursor,
  Tag,
  integer,
  octetString,
  oid,
  readOID,
  readOctetString,
  readSmallInteger,
  sequence,
} from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { parameterFields, readAlgorithm } from './algorithm.ts';
import { hmacOIDs, hmacSHA256Algorithm } from './digests.ts';
import { unsupported } from './limits.ts';
import type { KdfDigest } from './pkcs12-kdf.ts';

const pbkdf2OID = '1.2.840.113549.1.5.12';

/** PBKDF2-params of RFC 8018, appendix A.2. */
export interface PBKDF2 {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Bytes to derive, where the file says it. */
  readonly keyLength: number | undefined;
  readonly digest: KdfDigest;
}

/** Error `keystore-unsupported` for another derivation than PBKDF2, or another function than an HMAC with SHA-1 or -2. */
export function readPBKDF2(element: DERElement, place: string): PBKDF2 {
  const algorithm = readAlgorithm(element);
  if (algorithm.oid !== pbkdf2OID) throw unsupported(`Key derivation ${algorithm.oid} is not supported.`, place);
  const fields = parameterFields(algorithm, place);
  const salt = readOctetString(fields.next());
  const iterations = readSmallInteger(fields.next());
  const keyLength = fields.optional(Tag.integer);
  const digest = fields.done ? 'sha1' : readPRF(fields.next(), place);
  return { salt, iterations, keyLength: keyLength && readSmallInteger(keyLength), digest };
}

function readPRF(element: DERElement, place: string): KdfDigest {
  const prf = readOID(new DERCursor(element.expect(Tag.sequence, 'prf')).next());
  const digest = hmacOIDs[prf];
  if (digest === undefined) throw unsupported(`The pseudo-random function ${prf} is not supported.`, place);
  return digest;
}

export function derivePBKDF2(password: Uint8Array, wanted: PBKDF2, size: number): Uint8Array {
  return pbkdf2Sync(password, wanted.salt, wanted.iterations, size, wanted.digest);
}

/** The AlgorithmIdentifier of PBKDF2 with HMAC-SHA-256. `keyLength` is written where PBMAC1 demands it (RFC 9579). */
export function pbkdf2Algorithm(salt: Uint8Array, iterations: number, keyLength?: number): Uint8Array {
  const length = keyLength === undefined ? [] : [integer(keyLength)];
  const parameters = sequence(octetString(salt), integer(iterations), ...length, hmacSHA256Algorithm);
  return sequence(oid(pbkdf2OID), parameters);
}
