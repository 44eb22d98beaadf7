import { formatKeySpec, isSelfSigned, publicKeyObject } from '#pki/x509';
import type { Certificate } from '#pki/x509';

/** A certificate in the few fields that every status shows; plain JSON values. */
export interface CertificateFacts {
  /** RFC 4514 text; empty for an empty name. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hexadecimal. */
  readonly serialNumber: string;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** RFC 3339, seconds. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** `RSA 2048`, `ECDSA P-256`, `Ed25519`; for other kinds what OpenSSL calls them. */
  readonly key: string;
  /** The first 20 DNS names; absent when there are none. */
  readonly dnsNames?: readonly string[];
  readonly isCA: boolean;
  readonly selfSigned: boolean;
}

const maximumNames = 20;
/** Names come from strangers, and a status is read by everybody. */
const maximumText = 512;

export function describeCertificate(certificate: Certificate): CertificateFacts {
  const dnsNames = certificate.subjectAltNames.dnsNames ?? [];
  return {
    subject: shortened(certificate.subjectText, maximumText),
    issuer: shortened(certificate.issuerText, maximumText),
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint,
    notBefore: seconds(certificate.notBefore),
    notAfter: seconds(certificate.notAfter),
    key: keyName(certificate),
    ...(dnsNames.length === 0
      ? {}
      : { dnsNames: dnsNames.slice(0, maximumNames).map((name) => shortened(name, maximumText)) }),
    isCA: certificate.isCA,
    selfSigned: isSelfSigned(certificate),
  };
}

export function keyName({ keySpec, spki }: Pick<Certificate, 'keySpec' | 'spki'>): string {
  if (keySpec !== undefined) return formatKeySpec(keySpec);
  try {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails = {} } = publicKeyObject(spki);
    const detail = asymmetricKeyDetails.namedCurve ?? asymmetricKeyDetails.modulusLength;
    return detail === undefined ? asymmetricKeyType : `${asymmetricKeyType} ${detail}`;
  } catch {
    return 'unknown';
  }
}

const maximumQuoted = 120;

/** `"CN=gateway"`, for a sentence; the serial number of a certificate without a subject. */
export function quotedName({ subjectText, serialNumber }: Certificate): string {
  return subjectText === '' ? `with serial number ${serialNumber}` : quoted(subjectText);
}

/** A name in quotation marks, cut where it is longer than a sentence can bear. */
export function quoted(name: string): string {
  return `"${shortened(name, maximumQuoted)}"`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function seconds(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`;
}
