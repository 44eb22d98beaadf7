import type { CertificateLife } from './expiry-state.ts';

/** Where a certificate was found. */
export interface CertificateSource {
  readonly kind: string;
  /** Left out for objects without one. */
  readonly namespace?: string;
  readonly name: string;
  /** Where in the object: `status`, `data[tls.crt][0]`, `status.entries[2].chain[0]`. */
  readonly path: string;
}

/** One certificate in one place, as the inventory tells of it. Instants are RFC 3339. */
export interface WatchedCertificate {
  readonly subject: string;
  readonly issuer?: string;
  readonly serialNumber?: string;
  /** SHA-256, lower-case hexadecimal; not known of every certificate. */
  readonly fingerprint?: string;
  readonly source: CertificateSource;
  readonly notBefore?: string;
  readonly notAfter: string;
  readonly isCA: boolean;
  /** Renewed by itself. */
  readonly managed: boolean;
  readonly renewalTime?: string;
  /** `host:port` at which it was presented. */
  readonly endpoint?: string;
  readonly usedBy?: readonly string[];
  /** Gateway nodes that have seen it. */
  readonly nodes?: readonly string[];
}

/** What decides about its state. */
export function lifeOf(certificate: Omit<WatchedCertificate, 'subject' | 'source'>): CertificateLife {
  const { notBefore, notAfter, isCA, managed, renewalTime } = certificate;
  return {
    notBefore: notBefore === undefined ? undefined : new Date(notBefore),
    notAfter: new Date(notAfter),
    isCA,
    managed,
    renewalTime: renewalTime === undefined ? undefined : new Date(renewalTime),
  };
}

/** What tells two certificates of one object apart: of what was found there before, this one is new. */
export function identityOf({ source, fingerprint, subject, notAfter, endpoint }: WatchedCertificate): string {
  const { kind, namespace = '', name } = source;
  return [kind, namespace, name, endpoint ?? '', fingerprint ?? `${subject} ${notAfter}`].join('\n');
}
