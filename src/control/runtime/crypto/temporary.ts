import { createSelfIssuer, createAuthority, templateFromRequest } from '#pki/issuance';
import type { CertificateAuthority } from '#pki/issuance';
import { encodeName, generateKey, nameFromSubject, parseCertificateRequestPEM } from '#pki/x509';
import type { MakeTemporaryTask } from '#model/certificates';

const throwawayKey = { algorithm: 'ECDSA', size: 521 } as const;
const serialNumberAttribute = '1234567890';
const lifetimeSeconds = 90 * 24 * 3600;

/**
 * A certificate for the request from a CA that is thrown away at once: nobody trusts it, but whoever needs a key and a
 * certificate to start can start.
 */
export function makeTemporary({ requestPEM, isCA, usages, now }: MakeTemporaryTask): { chainPEM: string } {
  const { issuer, certificate } = throwawayCA(now);
  const request = parseCertificateRequestPEM(requestPEM);
  const fields = { isCA, usages, durationSeconds: lifetimeSeconds, issuerNotAfter: certificate.notAfter };
  const { template } = templateFromRequest(request, fields, now);
  return { chainPEM: issuer.sign(issuer.prepare(template)).toPEM() };
}

function throwawayCA(now: Date): CertificateAuthority {
  const key = generateKey(throwawayKey);
  const name = { commonName: 'cert-manager.local', serialNumber: serialNumberAttribute };
  const subject = encodeName(nameFromSubject(name));
  const issuer = createSelfIssuer(subject, key);
  const { notBefore, notAfter } = validity(now);
  const token = issuer.prepare({
    serialNumber: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0),
    notBefore,
    notAfter,
    subject,
    spki: key.spki,
    altNames: [],
    isCA: true,
    keyUsages: ['digital signature', 'cert sign'],
    extendedKeyUsages: [],
  });
  return createAuthority([issuer.sign(token).certificate], key);
}

function validity(now: Date): { notBefore: Date; notAfter: Date } {
  const second = Math.floor(now.getTime() / 1000) * 1000;
  return { notBefore: new Date(second - 10_000), notAfter: new Date(second + lifetimeSeconds * 1000) };
}
