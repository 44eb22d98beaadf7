import { createHmac, timingSafeEqual } from 'node:crypto';
import { DERCursor, Tag, integer, octetString, oid, readOctetString, readSmallInteger, sequence } from '#pki/x509';
import type { DERElement } from '#pki/x509';
import { parameterFields, readAlgorithm } from './algorithm.ts';
import type { Algorithm } from './algorithm.ts';
import { digestOIDs, hmacOIDs, hmacSHA256Algorithm, sha1Algorithm, sha256Algorithm } from './digests.ts';
import type { RandomBytes } from './keystore.ts';
import { unsupported } from './limits.ts';
import type { PasswordBytes } from './password.ts';
import { derivePBKDF2, pbkdf2Algorithm, readPBKDF2 } from './pbkdf2.ts';
import { derivePKCS12 } from './pkcs12-kdf.ts';
import type { KdfDigest } from './pkcs12-kdf.ts';
import type { PKCS12Profile } from './pkcs12-profiles.ts';

const pbmac1OID = '1.2.840.113549.1.5.14';
const place = 'mac';

/** The password check of a PFX (MacData, RFC 7292 section 4; PBMAC1, RFC 9579), read. */
export interface PasswordCheck {
  /** As people call it: `HMAC-SHA1`, `PBMAC1 HMAC-SHA256`. */
  readonly name: string;
  readonly iterations: number;
  readonly derivations: number;
  matches(content: Uint8Array, password: PasswordBytes): boolean;
}

export function readMac(element: DERElement): PasswordCheck {
  const fields = new DERCursor(element.expect(Tag.sequence, 'MacData'));
  const info = new DERCursor(fields.next(Tag.sequence, 'DigestInfo'));
  const algorithm = readAlgorithm(info.next());
  const expected = readOctetString(info.next());
  const salt = readOctetString(fields.next());
  const iterations = fields.done ? 1 : readSmallInteger(fields.next());
  if (algorithm.oid === pbmac1OID) return readPBMAC1(algorithm, expected);
  return readLegacyMac(algorithm.oid, expected, { salt, iterations });
}

function readLegacyMac(
  digestOID: string,
  expected: Uint8Array,
  work: { readonly salt: Uint8Array; readonly iterations: number },
): PasswordCheck {
  const digest = digestOIDs[digestOID];
  if (digest === undefined) throw unsupported(`A MAC with the digest ${digestOID} is not supported.`, place);
  return {
    name: `HMAC-${digest.toUpperCase()}`,
    iterations: work.iterations,
    derivations: 1,
    matches: (content, password) => isEqual(legacyMac(digest, content, password, work), expected),
  };
}

function legacyMac(
  digest: KdfDigest,
  content: Uint8Array,
  password: PasswordBytes,
  work: { readonly salt: Uint8Array; readonly iterations: number },
): Uint8Array {
  const size = digestSizes[digest];
  const key = derivePKCS12({ digest, purpose: 'mac', password: password.bmp, ...work, size });
  return createHmac(digest, key).update(content).digest();
}

const digestSizes: Record<KdfDigest, number> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };

/**
 * RFC 9579, section 4: the key length must be there. One below 20 bytes (section 5) would let a forger try every key
 * without the password; one above 64 is no HMAC's.
 */
function readPBMAC1(algorithm: Algorithm, expected: Uint8Array): PasswordCheck {
  const fields = parameterFields(algorithm, place);
  const kdf = readPBKDF2(fields.next(), place);
  const hmac = readAlgorithm(fields.next());
  const digest = hmacOIDs[hmac.oid];
  if (digest === undefined) throw unsupported(`PBMAC1 with ${hmac.oid} is not supported.`, place);
  const size = kdf.keyLength ?? 0;
  if (size < 20 || size > 64) throw unsupported(`PBMAC1 with a key of ${size} bytes is not accepted.`, place);
  return {
    name: `PBMAC1 HMAC-${digest.toUpperCase()}`,
    iterations: kdf.iterations,
    derivations: Math.ceil(size / 20),
    matches: (content, { utf8 }) =>
      isEqual(
        createHmac(digest, derivePBKDF2(utf8, kdf, size))
          .update(content)
          .digest(),
        expected,
      ),
  };
}

function isEqual(computed: Uint8Array, expected: Uint8Array): boolean {
  return computed.length === expected.length && timingSafeEqual(computed, expected);
}

/** MacData over `content` in the way of `profile`. */
export function writeMac(
  content: Uint8Array,
  password: PasswordBytes,
  profile: PKCS12Profile,
  random: RandomBytes,
): Uint8Array {
  const work = { salt: random(profile.saltBytes), iterations: profile.macIterations };
  if (profile.mac === 'PBMAC1') return writePBMAC1(content, password, work);
  const [digest, algorithm] =
    profile.mac === 'SHA-1' ? (['sha1', sha1Algorithm] as const) : (['sha256', sha256Algorithm] as const);
  const mac = legacyMac(digest, content, password, work);
  // DER leaves out a value that is the default, and a count of 1 is.
  const iterations = work.iterations === 1 ? [] : [integer(work.iterations)];
  return sequence(sequence(algorithm, octetString(mac)), octetString(work.salt), ...iterations);
}

const pbmac1KeyBytes = 32;

/** RFC 9579, section 4: what counts is inside the algorithm; salt and count outside it are there for the syntax only. */
function writePBMAC1(
  content: Uint8Array,
  password: PasswordBytes,
  work: { readonly salt: Uint8Array; readonly iterations: number },
): Uint8Array {
  const kdf = { ...work, keyLength: pbmac1KeyBytes, digest: 'sha256' } as const;
  const mac = createHmac('sha256', derivePBKDF2(password.utf8, kdf, pbmac1KeyBytes))
    .update(content)
    .digest();
  const parameters = sequence(pbkdf2Algorithm(work.salt, work.iterations, pbmac1KeyBytes), hmacSHA256Algorithm);
  return sequence(
    sequence(sequence(oid(pbmac1OID), parameters), octetString(mac)),
    octetString(Buffer.from('NOT USED', 'latin1')),
    integer(1),
  );
}
