import { createAuthority, issueCertificate } from '#pki/issuance';
import { encodeName, generateKey, nameFromSubject, p256 } from '#pki/x509';

/** A P-256 CA, and one certificate of it for `localhost` and 127.0.0.1 that all contenders present. */
export interface BenchMaterial {
  readonly caPEM: string;
  readonly caFingerprint: string;
  readonly certificatePEM: string;
  readonly fingerprint: string;
  readonly keyPEM: string;
  readonly notAfter: string;
}

const lifetimeSeconds = 30 * 24 * 3600;

export function makeMaterial(hosts: readonly string[] = ['localhost']): BenchMaterial {
  const now = new Date();
  const caKey = generateKey(p256);
  const caOrder = { ...order('Bench CA', caKey), isCA: true, keyUsages: ['cert sign'] } as const;
  const ca = issueCertificate(caOrder, undefined, now).issued.certificate;
  const key = generateKey(p256);
  const altNames = hosts.map((dnsName) => ({ type: 'dns', value: dnsName }) as const);
  const authority = createAuthority([ca], caKey);
  const { certificate } = issueCertificate({ ...order(hosts[0]!, key), altNames }, authority, now).issued;
  return {
    caPEM: ca.toPEM(),
    caFingerprint: ca.fingerprint,
    certificatePEM: certificate.toPEM(),
    fingerprint: certificate.fingerprint,
    keyPEM: key.toPEM('PKCS8'),
    notAfter: certificate.notAfter.toISOString(),
  };
}

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
