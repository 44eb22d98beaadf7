import { createAuthority, issueCertificate } from '#pki/issuance';
import { encodeName, generateKey, nameFromSubject, p256 } from '#pki/x509';

/** A P-256 CA and one certificate of it that all contenders present. */
export interface BenchMaterial {
  readonly caPEM: string;
  readonly caFingerprint: string;
  readonly certificatePEM: string;
  readonly fingerprint: string;
  readonly keyPEM: string;
  readonly notAfter: string;
}

export interface BenchAuthority {
  readonly caPEM: string;
  /** A certificate with a key of its own for these DNS names. */
  issue(dnsNames: readonly string[]): BenchMaterial;
}

const lifetimeSeconds = 30 * 24 * 3600;

export function makeAuthority(): BenchAuthority {
  const now = new Date();
  const caKey = generateKey(p256);
  const caOrder = { ...order('Bench CA', caKey), isCA: true, keyUsages: ['cert sign'] } as const;
  const ca = issueCertificate(caOrder, undefined, now).issued.certificate;
  const authority = createAuthority([ca], caKey);
  const caFacts = { caPEM: ca.toPEM(), caFingerprint: ca.fingerprint };
  return {
    caPEM: caFacts.caPEM,
    issue(dnsNames) {
      const key = generateKey(p256);
      const altNames = dnsNames.map((value) => ({ type: 'dns', value }) as const);
      const { certificate } = issueCertificate({ ...order(dnsNames[0]!, key), altNames }, authority, now).issued;
      return {
        ...caFacts,
        certificatePEM: certificate.toPEM(),
        fingerprint: certificate.fingerprint,
        keyPEM: key.toPEM('PKCS8'),
        notAfter: certificate.notAfter.toISOString(),
      };
    },
  };
}

export const makeMaterial = (): BenchMaterial => makeAuthority().issue(['localhost']);

function order(commonName: string, key: ReturnType<typeof generateKey>) {
  return {
    key,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: [],
    keyUsages: ['digital signature'],
    extendedKeyUsages: [],
    isCA: false,
    durationSeconds: lifetimeSeconds,
    withRequest: false,
  } as const;
}
