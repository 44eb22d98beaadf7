import { createAuthority, issueCertificate, type CertificateAuthority, type IssueOrder } from '#pki/issuance';
import { encodeName, nameFromSubject, p256, type GeneralName } from '#pki/x509';

/** A certificate, what is trusted for it, and its key; PEM. */
export interface ThrowawayPair {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

export interface ThrowawayAuthority {
  readonly pem: string;
  issue(commonName: string): ThrowawayPair;
}

const lifeSeconds = 3600;

function order(commonName: string, isCA: boolean): IssueOrder {
  return {
    key: p256,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: isCA ? [] : [{ type: 'dns', value: commonName } satisfies GeneralName],
    keyUsages: isCA ? ['digital signature', 'cert sign'] : ['digital signature'],
    extendedKeyUsages: isCA ? [] : ['server auth', 'client auth'],
    isCA,
    durationSeconds: lifeSeconds,
    withRequest: false,
  };
}

/** An authority for an hour, known to nobody but the test that makes it. */
export function throwawayAuthority(name: string, now: Date): ThrowawayAuthority {
  const { key, issued } = issueCertificate(order(name, true), undefined, now);
  const authority: CertificateAuthority = createAuthority([issued.certificate], key);
  return {
    pem: issued.toPEM(),
    issue(commonName) {
      const leaf = issueCertificate(order(commonName, false), authority, now);
      const { fingerprint } = leaf.issued.certificate;
      return { cert: leaf.issued.toPEM(), key: leaf.key.toPEM('PKCS8'), fingerprint };
    },
  };
}
