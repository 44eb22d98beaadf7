import { issueCertificate } from '#pki/issuance';
import { encodeName, nameFromSubject, p256 } from '#pki/x509';

/** A self-signed certificate, PEM, that begins at `begin` and lives `seconds`. */
export function formatCertificate(
  commonName: string,
  begin = new Date('2026-01-01T00:00:00Z'),
  seconds = 86_400,
): string {
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
  return issueCertificate(order, undefined, begin).issued.toPEM();
}
