/** Signature schemes of IANA's registry (TLS SignatureScheme) that Node's OpenSSL knows, strong ones first. */
const strong: readonly string[] = [
  'ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 ed25519 ed448',
  'rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512',
  'rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512',
  'rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512',
  'mldsa44 mldsa65 mldsa87',
].flatMap((line) => line.split(' '));

const brainpool: readonly string[] = [
  'ecdsa_brainpoolP256r1tls13_sha256',
  'ecdsa_brainpoolP384r1tls13_sha384',
  'ecdsa_brainpoolP512r1tls13_sha512',
];

/** SHA-1 can be forged (RFC 9155); only for peers that cannot be replaced. */
const weak: readonly string[] = ['rsa_pkcs1_sha1', 'ecdsa_sha1'];

/** RFC 8446 has no DSA; its name is that of RFC 5246's hash and signature pair. */
export const dsaScheme = 'dsa_sha256';

const all: readonly string[] = [...strong, ...brainpool, ...weak, dsaScheme];

/** Said explicitly, because OpenSSL's own list allows SHA-1 as soon as a profile lowers the security level. */
export const defaultSignatureSchemes = strong;

const byName: ReadonlyMap<string, string> = new Map(all.map((name) => [name.toLowerCase(), name]));

/** IANA's name of a scheme written in any case; undefined when no engine here knows it. */
export function signatureScheme(name: string): string | undefined {
  return byName.get(name.toLowerCase());
}

export function isWeakScheme(name: string): boolean {
  return weak.includes(name);
}

/** Schemes with which TLS 1.3 can sign a handshake (RFC 8446 section 4.2.3: no PKCS#1 v1.5, SHA-1 or DSA). */
export function signsTLS13(name: string): boolean {
  return !name.startsWith('rsa_pkcs1_') && !weak.includes(name) && name !== dsaScheme;
}

/** Schemes with which TLS 1.2 can sign a handshake. */
export function signsTLS12(name: string): boolean {
  return !name.startsWith('mldsa') && !brainpool.includes(name);
}
