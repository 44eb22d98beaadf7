/**
 * X.509 as values: DER, PEM, names, extensions, keys, certificates, certificate requests, chains. What issues
 * certificates is `#pki/issuance`, what stores them with keys in one file is `#pki/keystore`.
 *
 * Invariants: no I/O and no clock, time is an argument. Parsers are strict and bounded, fail only with a coded error,
 * and share the bytes they were given. A private key shows itself only to who asks for its encoding.
 */
export {
  DERCursor,
  DERElement,
  Tag,
  bitString,
  bmpString,
  derNull,
  encode,
  explicit,
  integer,
  isASCII,
  isOID,
  octetString,
  oid,
  parseDER,
  parseSequence,
  readOID,
  readOctetString,
  readSmallInteger,
  readText,
  sequence,
  setOf,
  time,
  unsignedInteger,
} from './der/index.ts';
export type { DERLimits } from './der/index.ts';
export { findPEM, formatPEM, parsePEM } from './pem.ts';
export type { PEMBlock } from './pem.ts';
export { attributeKeys, commonNameOID, subjectKeys } from './names/attributes.ts';
export { emptyName, encodeName, nameAttribute, nameAttributes, parseName } from './names/name.ts';
export type { Name, NameAttribute, RDN } from './names/name.ts';
export { formatName } from './names/format.ts';
export { parseLiteralSubject, parseNameText, unknownSubjectKeys } from './names/rfc4514.ts';
export { nameFromSubject } from './names/subject.ts';
export type { SubjectFields } from './names/subject.ts';
export {
  PrivateKey,
  ed25519,
  formatKeySpec,
  generateBareKey,
  generateKey,
  generateKeyAsync,
  isSupportedKeySpec,
  keySpec,
  keySpecMismatches,
  p256,
  parsePrivateKeyDER,
  parsePrivateKeyPEM,
  privateKeyFromKeyObject,
  publicKeyObject,
  publicKeySpec,
  rsa2048,
} from './keys/index.ts';
export type { KeyAlgorithm, KeyEncoding, KeySpec } from './keys/index.ts';
export {
  authorityInfoAccessExtension,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  canonicalUsage,
  crlDistributionPointsExtension,
  encodeExtension,
  encodeExtensions,
  extendedKeyUsageExtension,
  extensionOIDs,
  generalNames,
  groupAltNames,
  keyIdentifier,
  keyUsageBits,
  keyUsageExtension,
  nameConstraintsExtension,
  noSubtrees,
  splitUsages,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  usageNames,
} from './extensions/index.ts';
export type {
  AuthorityInfoAccess,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyUsage,
  NameConstraints,
  NameSubtrees,
  OtherName,
  SubjectAltNames,
  Usage,
  Usages,
} from './extensions/index.ts';
export { algorithmIdentifier, defaultSignatureAlgorithm, signBytes } from './signature.ts';
export type { SignatureAlgorithm } from './signature.ts';
export { Certificate, sameBytes } from './certificates/certificate.ts';
export type { CertificateFields } from './certificates/certificate.ts';
export { parseCertificate, parseCertificatesPEM } from './certificates/parse.ts';
export {
  buildCertificateRequest,
  formatCertificateRequestPEM,
  isRequestSigned,
  parseCertificateRequest,
  parseCertificateRequestPEM,
  requestedIdentity,
} from './certificates/request.ts';
export type { CertificateSigningRequest, RequestContent, RequestedIdentity } from './certificates/request.ts';
export { orderChain, parseCertificateChain } from './paths/chain.ts';
export type { CertificateChain } from './paths/chain.ts';
export { checkPath } from './paths/check.ts';
export type { PathProblem, PathProblemCode } from './paths/check.ts';
export { isSelfSigned, mayIssue } from './paths/issued-by.ts';
export { forbiddenName } from './paths/name-permit.ts';
