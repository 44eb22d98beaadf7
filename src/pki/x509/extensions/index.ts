export { encodeExtension, encodeExtensions, readExtensions } from './extension.ts';
export type { Extension } from './extension.ts';
export { extensionOIDs, understoodExtensions } from './oids.ts';
export { basicConstraintsExtension, parseBasicConstraints } from './basic-constraints.ts';
export type { BasicConstraints } from './basic-constraints.ts';
export {
  authorityInfoAccessExtension,
  crlDistributionPointsExtension,
  parseAuthorityInfoAccess,
  parseCRLDistributionPoints,
} from './distribution.ts';
export type { AuthorityInfoAccess } from './distribution.ts';
export type { GeneralName } from './general-name.ts';
export { formatIP, parseIP } from './ip.ts';
export { formatIPRange, isInIPRange, parseIPRange } from './ip-range.ts';
export {
  authorityKeyIdExtension,
  keyIdentifier,
  parseAuthorityKeyId,
  parseSubjectKeyId,
  subjectKeyIdExtension,
} from './key-identifiers.ts';
export { nameConstraintsExtension, noSubtrees, parseNameConstraints } from './name-constraints.ts';
export type { NameConstraints, NameSubtrees } from './name-constraints.ts';
export { generalNames, groupAltNames, parseSubjectAltName, subjectAltNameExtension } from './subject-alt-name.ts';
export type { OtherName, SubjectAltNames } from './subject-alt-name.ts';
export {
  canonicalUsage,
  extendedKeyUsageExtension,
  keyUsageBits,
  keyUsageExtension,
  parseExtendedKeyUsage,
  parseKeyUsage,
  splitUsages,
  usageNames,
} from './usages.ts';
export type { ExtendedKeyUsage, KeyUsage, Usage, Usages } from './usages.ts';
