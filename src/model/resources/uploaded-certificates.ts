import { isCoded } from '#errors';
import { parseCertificatesPEM } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import { formatTimestamp } from '#model/objects';
import { certManagerKeys } from './annotations.ts';
import type { ExpiryTerm } from './expiry-terms.ts';
import type { Secret } from './secret.ts';

/** A certificate in a Secret, and where: key of `data`, and place among the certificates there. */
export interface UploadedCertificate {
  readonly key: string;
  readonly position: number;
  readonly certificate: X509;
}

const certificateKeys = ['tls.crt', 'ca.crt'] as const;
/** More than any chain or bundle of CAs that people have. */
const mostCertificates = 500;

/**
 * The certificates, as PEM under `tls.crt` and `ca.crt`, of a Secret that somebody brought along; none of one that was
 * issued for a Certificate, which is watched there. What cannot be read is passed over.
 */
export function uploadedCertificates({ metadata, data = {} }: Secret): UploadedCertificate[] {
  const { annotations, labels } = metadata;
  if (annotations?.[certManagerKeys.certificateName] !== undefined) return [];
  if (labels?.[certManagerKeys.nextPrivateKeyLabel] === 'true') return [];
  return certificateKeys.flatMap((key) => {
    const value = data[key];
    if (value === undefined) return [];
    return readCertificates(value).map((certificate, position) => ({ key, position, certificate }));
  });
}

function readCertificates(base64: string): X509[] {
  try {
    return parseCertificatesPEM(Buffer.from(base64, 'base64')).slice(0, mostCertificates);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return [];
  }
}

/** What the index `expiry` needs of them. */
export function uploadedLives(secret: Secret): ExpiryTerm[] {
  return uploadedCertificates(secret).map(({ certificate: { notBefore, notAfter, isCA } }) => ({
    notBefore: formatTimestamp(notBefore),
    notAfter: formatTimestamp(notAfter),
    isCA,
  }));
}
