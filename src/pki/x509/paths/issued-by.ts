import { sameBytes } from '../certificates/certificate.ts';
import type { Certificate } from '../certificates/certificate.ts';

/**
 * Whether `issuer` issued `certificate`: same name in the same bytes, allowed to sign certificates, and the signature
 * holds. Version 1 certificates may sign, having nothing that could say so. Key identifiers are hints and
 * not looked at.
 */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!sameBytes(certificate.rawIssuer, issuer.rawSubject) || !mayIssue(issuer)) return false;
  return certificate.isSignedBy(issuer);
}

/** The CA bit and, where key usages are given, `cert sign` (RFC 5280 6.1.4 k and n). */
export function mayIssue({ fields, isCA }: Certificate): boolean {
  const isAllowed = fields.keyUsages === undefined || fields.keyUsages.includes('cert sign');
  return isAllowed && (isCA || fields.version < 3);
}

/** Issued by itself: a root, or a self-signed end-entity certificate. The CA bit does not matter. */
export function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && certificate.isSignedBy(certificate);
}
