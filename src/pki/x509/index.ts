/**
 * X.509 as values: DER, PEM, names, extensions, keys, certificates, certificate requests, chains. What issues
 * certificates is `#pki/issuance`, what stores them with keys in one file is `#pki/keystore`.
 *
 * Invariants: no I/O and no clock, time is an argument. Parsers are strict and bounded, fail only with a coded error,
 * and share the bytes they were given. A private key shows itself only to who asks for its encoding.
 */
export { DERCursor, DERElement, asBuffer, defaultLimits, malformedDER, parseDER, parseSequence } from './der/index.ts';
export type { DERLimits } from './der/index.ts';
export { Tag, constructedTag, contextTag } from './der/index.ts';
export { bitString, encode, explicit, join, namedBits, octetString, sequence, setOf } from './der/index.ts';
export { integer, readInteger, readIntegerOctets, readSmallInteger, unsignedInteger } from './der/index.ts';
export { derFalse, derNull, derTrue } from './der/index.ts';
export { readBitString, readBoolean, readNamedBits, readNull, readOctetString } from './der/index.ts';
export { isOID, oid, readOID, rememberOIDs } from './der/index.ts';
export { bmpOctets, bmpString, directoryString, ia5String, utf8String } from './der/index.ts';
export { isASCII, isPrintable, isTextTag, readIA5, readText } from './der/index.ts';
export { readTime, time } from './der/index.ts';
export { findPEM, formatPEM, parsePEM } from './pem.ts';
export type { PEMBlock } from './pem.ts';
export { attributeKey, attributeKeys, commonNameOID, subjectKeys } from './names/attributes.ts';
export { emptyName, encodeName, nameAttribute, nameAttributes, parseName } from './names/name.ts';
export type { Name, NameAttribute, RDN } from './names/name.ts';
export { formatName } from './names/format.ts';
export { parseLiteralSubject, parseNameText, unknownSubjectKeys } from './names/rfc4514.ts';
export { nameFromSubject } from './names/subject.ts';
export type { SubjectFields } from './names/subject.ts';
export { generateKey, generateKeyAsync, generateBareKey } from './keys/index.ts';
export { parsePrivateKeyDER, parsePrivateKeyPEM } from './keys/index.ts';
export { PrivateKey, privateKeyFromKeyObject, publicKeyObject, publicKeySpec } from './keys/index.ts';
export { ed25519, formatKeySpec, isSupportedKeySpec, keySpec, keySpecMismatches, p256, rsa2048 } from './keys/index.ts';
export type { KeyAlgorithm, KeyEncoding, KeySpec } from './keys/index.ts';
export { encodeExtension, encodeExtensions, extensionOIDs, understoodExtensions } from './extensions/index.ts';
export { basicConstraintsExtension, parseBasicConstraints } from './extensions/index.ts';
export { authorityInfoAccessExtension, crlDistributionPointsExtension } from './extensions/index.ts';
export { parseAuthorityInfoAccess, parseCRLDistributionPoints } from './extensions/index.ts';
export { authorityKeyIdExtension, keyIdentifier, subjectKeyIdExtension } from './extensions/index.ts';
export { nameConstraintsExtension, noSubtrees, parseNameConstraints } from './extensions/index.ts';
export { formatIP, formatIPRange, isInIPRange, parseIP, parseIPRange } from './extensions/index.ts';
export { generalNames, groupAltNames, noSubjectAltNames, subjectAltNameExtension } from './extensions/index.ts';
export { canonicalUsage, defaultUsages, extendedKeyUsageOIDs, keyUsageBits } from './extensions/index.ts';
export { extendedKeyUsageExtension, keyUsageExtension, splitUsages, usageNames } from './extensions/index.ts';
export type { AuthorityInfoAccess, BasicConstraints, Extension, GeneralName } from './extensions/index.ts';
export type { NameConstraints, NameSubtrees, OtherName, SubjectAltNames } from './extensions/index.ts';
export type { ExtendedKeyUsage, KeyUsage, Usage, Usages } from './extensions/index.ts';
export { algorithmIdentifier, chooseSignatureAlgorithm, defaultSignatureAlgorithm, signBytes } from './signature.ts';
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
} from './certificates/request.ts';
export type { CertificateSigningRequest, RequestContent } from './certificates/request.ts';
export { orderChain, parseCertificateChain, withoutDuplicates } from './paths/chain.ts';
export type { CertificateChain } from './paths/chain.ts';
export { checkPath } from './paths/check.ts';
export type { PathProblem, PathProblemCode } from './paths/check.ts';
export { isIssuedBy, isSelfSigned, mayIssue } from './paths/issued-by.ts';
export { forbiddenName } from './paths/name-permit.ts';
