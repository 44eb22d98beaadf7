import { formatKeySpec, formatName, isRequestSigned, isSelfSigned, publicKeyObject } from '#pki/x509';
import type { Certificate, CertificateSigningRequest, GeneralName, KeySpec } from '#pki/x509';
import type { CertificateSummary, RequestSummary } from './inspection.ts';

const dayMilliseconds = 86_400_000;

export function summarizeCertificate(certificate: Certificate, now: Date): CertificateSummary {
  const { fields, pathLength } = certificate;
  return {
    subject: certificate.subjectText,
    issuer: certificate.issuerText,
    version: fields.version,
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    validity: validityAt(certificate, now),
    daysLeft: Math.floor((certificate.notAfter.getTime() - now.getTime()) / dayMilliseconds),
    key: keyName(certificate.keySpec, certificate.spki),
    signatureAlgorithm: certificate.signatureAlgorithm,
    isCA: certificate.isCA,
    ...(pathLength === undefined ? {} : { pathLength }),
    isSelfSigned: isSelfSigned(certificate),
    keyUsages: fields.keyUsages,
    extendedKeyUsages: fields.extendedKeyUsages,
    altNames: fields.altNames.map(altNameText),
    fingerprints: { sha256: certificate.fingerprint, sha1: certificate.fingerprintSHA1 },
    subjectKeyId: hex(certificate.subjectKeyId),
    authorityKeyId: hex(certificate.authorityKeyId),
  };
}

export function validityAt(certificate: Certificate, now: Date): CertificateSummary['validity'] {
  if (certificate.isValidAt(now)) return 'valid';
  return now < certificate.notBefore ? 'not-yet-valid' : 'expired';
}

export function summarizeRequest(request: CertificateSigningRequest): RequestSummary {
  return {
    subject: formatName(request.subject),
    key: keyName(request.keySpec, request.spki),
    signatureAlgorithm: request.signatureAlgorithm,
    isSigned: isRequestSigned(request),
    isCA: request.basicConstraints?.isCA ?? false,
    keyUsages: request.keyUsages,
    extendedKeyUsages: request.extendedKeyUsages,
    altNames: request.altNames.map(altNameText),
  };
}

/** `ECDSA P-256`; for kinds of keys that this house does not use, what OpenSSL calls them. */
function keyName(spec: KeySpec | undefined, spki: Uint8Array): string {
  if (spec !== undefined) return formatKeySpec(spec);
  try {
    return publicKeyObject(spki).asymmetricKeyType ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

const altNameLabels = { dns: 'DNS', email: 'email', uri: 'URI', ip: 'IP', registeredID: 'registered ID' } as const;

function altNameText(name: GeneralName): string {
  switch (name.type) {
    case 'directory':
      return `directory:${formatName(name.name)}`;
    case 'other':
      return `other:${name.oid}${name.utf8Value === undefined ? '' : `=${name.utf8Value}`}`;
    case 'opaque':
      return 'unknown';
    case 'dns':
    case 'email':
    case 'uri':
    case 'ip':
    case 'registeredID':
      break;
  }
  return `${altNameLabels[name.type]}:${name.value}`;
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}
