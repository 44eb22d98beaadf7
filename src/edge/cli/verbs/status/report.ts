import type { ExpiringCertificate } from '#model/expiry';
import type { Certificate, CertificateRequest, ClusterIssuer, Issuer } from '#model/resources';
import { conditionOf } from '#model/objects';
import { isReady, lastRequestOf, reasonOf, type Declared } from '../../readiness.ts';
import type { Caution, TLSSurvey } from './survey-tls.ts';

/** What `status` says, as a value. Instants are RFC 3339. */
export interface StatusReport {
  readonly server: string;
  readonly version: string;
  readonly ready: boolean;
  readonly issuers: ReadyCount;
  readonly certificates: ReadyCount;
  /** Of APIs, gateways and the like, by kind. */
  readonly tls: Readonly<Record<string, ReadyCount>>;
  readonly notReady: readonly NotReady[];
  /** What works and should not stay as it is. */
  readonly cautions: readonly Caution[];
  readonly authorities: readonly Authority[];
  /** Certificates of all places that need attention because of their end, the most urgent first. */
  readonly expiring: readonly ExpiringCertificate[];
  /** The certificates that expire first. */
  readonly expiresNext: readonly Upcoming[];
}

export interface ReadyCount {
  readonly ready: number;
  readonly total: number;
}

export interface NotReady {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly since: string;
  readonly reason: string;
}

/** The CA behind an issuer. */
export interface Authority {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly subject: string;
  readonly notAfter: string;
}

export interface Upcoming {
  readonly namespace?: string;
  readonly name: string;
  readonly notAfter: string;
  readonly renewalTime?: string;
}

/** What there is, gathered; of the certificates only those that a report names. */
export interface Gathered {
  readonly server: string;
  readonly version: string;
  readonly issuers: readonly (Issuer | ClusterIssuer)[];
  readonly certificates: ReadyCount;
  readonly failing: readonly Certificate[];
  readonly upcoming: readonly Certificate[];
  readonly expiring: readonly ExpiringCertificate[];
  /** Requests of the failing certificates. */
  readonly requests: readonly CertificateRequest[];
  readonly tls: TLSSurvey;
}

/** Issuers come before the certificates that wait for them. */
export function makeReport(gathered: Gathered): StatusReport {
  const { server, version, issuers, certificates, tls } = gathered;
  const failing = [...issuers.filter((issuer) => !isReady(issuer)), ...gathered.failing];
  return {
    server,
    version,
    ready: failing.length + tls.notReady.length === 0,
    issuers: { ready: issuers.filter(isReady).length, total: issuers.length },
    certificates,
    tls: tls.counts,
    notReady: [...failing.map((object) => notReady(object, gathered.requests)), ...tls.notReady],
    cautions: tls.cautions,
    authorities: issuers.flatMap(authorityOf),
    expiring: gathered.expiring,
    expiresNext: gathered.upcoming.map(upcoming),
  };
}

function placeOf({ metadata }: Declared): { readonly name: string; readonly namespace?: string } {
  return { ...(metadata.namespace !== undefined && { namespace: metadata.namespace }), name: metadata.name };
}

function notReady(object: Declared, requests: readonly CertificateRequest[]): NotReady {
  const since =
    conditionOf(object.status?.conditions, 'Ready')?.lastTransitionTime ?? object.metadata.creationTimestamp;
  return { kind: object.kind, ...placeOf(object), since, reason: reasonOf(object, lastRequestOf(object, requests)) };
}

function authorityOf(issuer: Issuer | ClusterIssuer): Authority[] {
  const { ca } = issuer.status ?? {};
  if (ca?.notAfter === undefined) return [];
  return [{ kind: issuer.kind, ...placeOf(issuer), subject: ca.subject ?? '', notAfter: ca.notAfter }];
}

function upcoming(certificate: Certificate): Upcoming {
  const { notAfter = '', renewalTime } = certificate.status ?? {};
  return { ...placeOf(certificate), notAfter, ...(renewalTime !== undefined && { renewalTime }) };
}
