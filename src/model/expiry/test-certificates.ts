import { issueCertificate } from '#pki/issuance';
import { encodeName, nameFromSubject, p256 } from '#pki/x509';

/** A self-signed certificate and its key, PEM; it begins at `begin` and lives `seconds`. */
export function makePair(commonName: string, begin: Date, seconds: number): { certificate: string; key: string } {
  const order = {
    key: p256,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: [],
    keyUsages: ['digital signature' as const],
    extendedKeyUsages: [],
    isCA: false,
    durationSeconds: seconds,
    withRequest: false,
  };
  const { issued, key } = issueCertificate(order, undefined, begin);
  return { certificate: issued.toPEM(), key: key.toPEM('PKCS8') };
}

export function formatCertificate(
  commonName: string,
  begin = new Date('2026-01-01T00:00:00Z'),
  seconds = 86_400,
): string {
  return makePair(commonName, begin, seconds).certificate;
}
