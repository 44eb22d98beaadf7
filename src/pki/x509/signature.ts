import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { CodedError } from '#errors';
import { derNull, oid, rememberOIDs, sequence } from './der/index.ts';
import type { KeyAlgorithm, KeySpec } from './keys/index.ts';

/** cert-manager's names of the signature algorithms. */
export type SignatureAlgorithm =
  | 'SHA256WithRSA'
  | 'SHA384WithRSA'
  | 'SHA512WithRSA'
  | 'ECDSAWithSHA256'
  | 'ECDSAWithSHA384'
  | 'ECDSAWithSHA512'
  | 'PureEd25519';

interface Scheme {
  readonly name: SignatureAlgorithm;
  readonly oid: string;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Null where the algorithm hashes by itself. */
  readonly digest: string | null;
  /** DER AlgorithmIdentifier. */
  readonly identifier: Uint8Array;
}

/** RSA carries a NULL parameter (RFC 4055 2.1), the others none (RFC 5758 3.2, RFC 8410 3). */
function scheme(name: SignatureAlgorithm, dotted: string, keyAlgorithm: KeyAlgorithm, digest: string | null): Scheme {
  const parameters = keyAlgorithm === 'RSA' ? [derNull] : [];
  return { name, oid: dotted, keyAlgorithm, digest, identifier: sequence(oid(dotted), ...parameters) };
}

const schemes = [
  scheme('SHA256WithRSA', '1.2.840.113549.1.1.11', 'RSA', 'sha256'),
  scheme('SHA384WithRSA', '1.2.840.113549.1.1.12', 'RSA', 'sha384'),
  scheme('SHA512WithRSA', '1.2.840.113549.1.1.13', 'RSA', 'sha512'),
  scheme('ECDSAWithSHA256', '1.2.840.10045.4.3.2', 'ECDSA', 'sha256'),
  scheme('ECDSAWithSHA384', '1.2.840.10045.4.3.3', 'ECDSA', 'sha384'),
  scheme('ECDSAWithSHA512', '1.2.840.10045.4.3.4', 'ECDSA', 'sha512'),
  scheme('PureEd25519', '1.3.101.112', 'Ed25519', null),
] as const;

const byName = new Map<string, Scheme>(schemes.map((entry) => [entry.name, entry]));
const byOID = new Map<string, Scheme>(schemes.map((entry) => [entry.oid, entry]));
rememberOIDs(byOID.keys());

/** Older and rarer algorithms, by name only: they are shown, and checked by node:crypto, never made. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.4', 'MD5WithRSA'],
  ['1.2.840.113549.1.1.5', 'SHA1WithRSA'],
  ['1.2.840.113549.1.1.10', 'RSAPSS'],
  ['1.2.840.10045.4.1', 'ECDSAWithSHA1'],
]);
rememberOIDs(otherNames.keys());

/** `ECDSAWithSHA256`, or the dotted identifier of an algorithm without a name here. */
export function signatureAlgorithmName(dotted: string): string {
  return byOID.get(dotted)?.name ?? otherNames.get(dotted) ?? dotted;
}

/**
 * The algorithm that a key signs with, by cert-manager's table: RSA from 4096 bits SHA-512, from 3072 SHA-384, below
 * SHA-256; P-521 SHA-512, P-384 SHA-384, P-256 SHA-256; Ed25519 itself.
 */
export function defaultSignatureAlgorithm({ algorithm, size }: KeySpec): SignatureAlgorithm {
  if (algorithm === 'Ed25519') return 'PureEd25519';
  if (algorithm === 'RSA') return size >= 4096 ? 'SHA512WithRSA' : size >= 3072 ? 'SHA384WithRSA' : 'SHA256WithRSA';
  return size === 521 ? 'ECDSAWithSHA512' : size === 384 ? 'ECDSAWithSHA384' : 'ECDSAWithSHA256';
}

/** `wanted`, or the key's default. Fails with key-unsupported when a key of this kind cannot sign with it. */
export function chooseSignatureAlgorithm(key: KeySpec, wanted?: SignatureAlgorithm): SignatureAlgorithm {
  const name = wanted ?? defaultSignatureAlgorithm(key);
  if (byName.get(name)?.keyAlgorithm === key.algorithm) return name;
  throw new CodedError('key-unsupported', `a key of type ${key.algorithm} cannot sign with ${name}`, {
    hint: 'Leave out signatureAlgorithm, or choose one that fits privateKey.algorithm.',
  });
}

/** DER AlgorithmIdentifier. */
export function algorithmIdentifier(name: SignatureAlgorithm): Uint8Array {
  return byName.get(name)!.identifier;
}

/** The signature over `bytes`; ECDSA's as DER. */
export function signBytes(bytes: Uint8Array, key: KeyObject, name: SignatureAlgorithm): Uint8Array {
  return sign(byName.get(name)!.digest, bytes, key);
}

/** Whether the signature holds; undefined for an algorithm that has no `SignatureAlgorithm` name. */
export function verifyBytes(
  bytes: Uint8Array,
  key: KeyObject,
  dotted: string,
  signature: Uint8Array,
): boolean | undefined {
  const known = byOID.get(dotted);
  if (known === undefined) return undefined;
  return keyTypes[known.keyAlgorithm] === key.asymmetricKeyType && verify(known.digest, bytes, key, signature);
}

const keyTypes = { RSA: 'rsa', ECDSA: 'ec', Ed25519: 'ed25519' } as const;
