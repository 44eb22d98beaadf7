import type { GeneralName, KeyUsage, NameConstraints } from '#pki/x509';

/** A certificate before it is signed, as a plain value: everything in it that the issuer does not decide. */
export interface CertificateTemplate {
  /** Big-endian octets of the serial number, at most 20. */
  readonly serialNumber: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DER name. */
  readonly subject: Uint8Array;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly altNames: readonly GeneralName[];
  readonly isCA: boolean;
  /** Only for a CA; left out means without limit. */
  readonly pathLength?: number;
  readonly keyUsages: readonly KeyUsage[];
  /** Names or dotted identifiers. */
  readonly extendedKeyUsages: readonly string[];
  readonly nameConstraints?: NameConstraints;
  readonly crlDistributionPoints?: readonly string[];
  readonly ocspServers?: readonly string[];
  readonly issuingCertificateURLs?: readonly string[];
  /** The certificate may be valid for longer than its issuer, which no client accepts for longer. */
  readonly mayOutliveIssuer?: boolean;
}
