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

/** What of a certificate, with instants as texts, decides about its state. */
export type DatedLife = Pick<WatchedCertificate, 'notAfter'> & {
  readonly [K in 'notBefore' | 'isCA' | 'managed' | 'renewalTime']?: WatchedCertificate[K] | undefined;
};

export function lifeOf({ notBefore, notAfter, isCA, managed, renewalTime }: DatedLife): CertificateLife {
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
