/**
 * Uploaded files as verified material: the bytes of PEM, DER, PKCS#7, PKCS#12, JKS and JCEKS files become private keys
 * with their ordered chains (a keystore) or certificates that are trusted (a truststore), and go out again in any of
 * those formats. What cannot be used is a CodedError that names the entry; what can, but is not as it should be, is a
 * finding.
 *
 * Not here: Secrets and other objects, reports on files for people (`#pki/inspect`), the layout of container files
 * (`#pki/keystore`), the decision whether a finding refuses an upload.
 *
 * Invariants: no I/O, no clock. Nothing is returned whose key does not belong to its certificate. Size, entries,
 * signature checks and key derivation are bounded. No message holds a password or a byte of a key.
 */
export { readKeystoreMaterial } from './read-keystore-material.ts';
export { readTruststoreMaterial } from './read-truststore-material.ts';
export { readCertificateText } from './certificate-text.ts';
export { arrangeChain } from './arrange-chain.ts';
export { forbiddenHost } from './forbidden-host.ts';
export { describeCertificate } from './facts.ts';
export type { CertificateFacts } from './facts.ts';
export { writeKeystoreMaterial } from './write-keystore-material.ts';
export { writeTruststoreMaterial } from './write-truststore-material.ts';
export type { WriteOptions, WrittenFormat } from './written-files.ts';
export { sizeLimits } from './limits.ts';
export type { Finding, FindingCode, FindingSeverity } from './finding.ts';
export type {
  ChainMaterial,
  KeyEntryMaterial,
  KeyStrength,
  KeystoreMaterial,
  KeystoreOptions,
  MaterialFile,
  MaterialFormat,
  MaterialOptions,
  TrustedMaterial,
  TruststoreMaterial,
} from './material.ts';
export { derKind } from './der-kind.ts';
export type { DERKind } from './der-kind.ts';
export { readPKCS7 } from './pkcs7.ts';
