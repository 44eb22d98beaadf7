/**
 * Keystores as values: PKCS#12, JKS and JCEKS files read into a Keystore, a Keystore written as PKCS#12, JKS or JCEKS, and the
 * keystores that belong to one certificate in cert-manager's layout. Passwords in, bytes out.
 *
 * Not here: files, reports for people (the room `inspect`), the decision when a keystore is rewritten.
 *
 * Invariants: no clock and no randomness of its own; what is read is bounded in size, entries and key derivation work;
 * every failure is a CodedError that says neither a password nor a byte of a key; one writer call with the same
 * arguments gives the same bytes. All functions are synchronous and spend milliseconds on key derivation: call them off
 * the main thread.
 */
export type { KeyEntry, Keystore, KeystoreEntry, KeystorePasswords, RandomBytes, TrustedEntry } from './keystore.ts';
export { keystoreFormat, readKeystore } from './read-keystore.ts';
export type { KeystoreFormat } from './read-keystore.ts';
export { listJKS, readJKS } from './jks-read.ts';
export type { JKSListedEntry, JKSListing } from './jks-read.ts';
export { writeJCEKS, writeJKS } from './jks-write.ts';
export { readPKCS12 } from './pkcs12-read.ts';
export { describePKCS12 } from './pkcs12-protection.ts';
export type { PKCS12Encryption, PKCS12Protection } from './pkcs12-protection.ts';
export { readEncryptedKey, writeEncryptedKey } from './private-key-info.ts';
export { writePKCS12 } from './pkcs12-write.ts';
export { pkcs12Profiles } from './pkcs12-profiles.ts';
export type { PKCS12ProfileName } from './pkcs12-profiles.ts';
export {
  certificateMaterial,
  jksKeystore,
  jksTruststore,
  pkcs12Keystore,
  pkcs12Truststore,
} from './certificate-keystores.ts';
export type { CertificateMaterial } from './certificate-keystores.ts';
