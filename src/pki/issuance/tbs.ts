import {
  authorityInfoAccessExtension,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  crlDistributionPointsExtension,
  emptyName,
  encodeExtension,
  explicit,
  extendedKeyUsageExtension,
  integer,
  keyIdentifier,
  keyUsageExtension,
  nameConstraintsExtension,
  sequence,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  time,
  unsignedInteger,
} from '#pki/x509';
import type { CertificateTemplate } from './template.ts';

/** The parts of a certificate that its issuer decides, as DER. */
export interface IssuerParts {
  readonly name: Uint8Array;
  /** AlgorithmIdentifier of the signature. */
  readonly algorithm: Uint8Array;
  /** The whole authority key identifier extension; undefined when the certificate signs itself: then it is its own. */
  readonly authorityKeyId: Uint8Array | undefined;
}

const version3 = explicit(0, integer(2));
const endEntity = encodeExtension(basicConstraintsExtension({ isCA: false }));

/** TBSCertificate (RFC 5280 4.1.2), with subject and authority key identifiers always. */
export function encodeTBS(template: CertificateTemplate, issuer: IssuerParts): Uint8Array {
  return sequence(
    version3,
    unsignedInteger(template.serialNumber),
    issuer.algorithm,
    issuer.name,
    sequence(time(template.notBefore), time(template.notAfter)),
    template.subject,
    template.spki,
    explicit(3, sequence(...encodeExtensionList(template, issuer))),
  );
}

export function encodeAuthorityKeyId(identifier: Uint8Array): Uint8Array {
  return encodeExtension(authorityKeyIdExtension(identifier));
}

function encodeExtensionList(template: CertificateTemplate, issuer: IssuerParts): Uint8Array[] {
  const identifier = keyIdentifier(template.spki);
  return [
    ...encodeUsages(template),
    template.isCA ? encodeExtension(basicConstraintsExtension(template)) : endEntity,
    encodeExtension(subjectKeyIdExtension(identifier)),
    issuer.authorityKeyId ?? encodeAuthorityKeyId(identifier),
    ...encodeAltNames(template),
    ...encodeOptional(template),
  ];
}

/** Encoded usages by their names: there are few combinations, and every certificate has one. */
const usageCache = new Map<string, Uint8Array[]>();
const mostCached = 256;

function encodeUsages({ keyUsages, extendedKeyUsages }: CertificateTemplate): Uint8Array[] {
  const key = `${keyUsages.join()};${extendedKeyUsages.join()}`;
  const cached = usageCache.get(key);
  if (cached !== undefined) return cached;
  const encoded = [
    ...(keyUsages.length > 0 ? [encodeExtension(keyUsageExtension(keyUsages))] : []),
    ...(extendedKeyUsages.length > 0 ? [encodeExtension(extendedKeyUsageExtension(extendedKeyUsages))] : []),
  ];
  if (usageCache.size < mostCached) usageCache.set(key, encoded);
  return encoded;
}

function encodeAltNames({ altNames, subject }: CertificateTemplate): Uint8Array[] {
  const isCritical = subject.length === emptyName.length;
  return altNames.length > 0 ? [encodeExtension(subjectAltNameExtension(altNames, isCritical))] : [];
}

function encodeOptional(template: CertificateTemplate): Uint8Array[] {
  const { nameConstraints, crlDistributionPoints = [], ocspServers = [], issuingCertificateURLs = [] } = template;
  const hasAccess = ocspServers.length + issuingCertificateURLs.length > 0;
  return [
    ...(hasAccess ? [authorityInfoAccessExtension({ ocspServers, issuingCertificateURLs })] : []),
    ...(nameConstraints === undefined ? [] : [nameConstraintsExtension(nameConstraints)]),
    ...(crlDistributionPoints.length > 0 ? [crlDistributionPointsExtension(crlDistributionPoints)] : []),
  ].map(encodeExtension);
}
