import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { AnchorPlan, IdentityPlan, ListenerPlan, RoutePlan, UpstreamPlan } from '#model/gateways';
import { createAuthority, issueCertificate } from '#pki/issuance';
import type { CertificateAuthority, IssueOrder } from '#pki/issuance';
import { encodeName, nameFromSubject, p256 } from '#pki/x509';
import type { GeneralName } from '#pki/x509';

const day = 86_400;

/** A CA of the tests. */
export interface TestCA {
  readonly authority: CertificateAuthority;
  readonly anchor: AnchorPlan;
}

export interface TestSubject {
  /** DNS names and addresses. */
  readonly names?: readonly string[];
  readonly usage?: 'server auth' | 'client auth';
  readonly commonName?: string;
  /** The instant of issue, in days from now. */
  readonly fromDay?: number;
  readonly days?: number;
}

function order(subject: TestSubject, isCA: boolean): IssueOrder {
  const commonName = subject.commonName ?? subject.names?.[0] ?? 'somebody';
  return {
    key: p256,
    subject: encodeName(nameFromSubject({ commonName })),
    altNames: (subject.names ?? []).map((value): GeneralName =>
      isIP(value) === 0 ? { type: 'dns', value } : { type: 'ip', value },
    ),
    keyUsages: isCA ? ['digital signature', 'cert sign'] : ['digital signature'],
    extendedKeyUsages: isCA ? [] : [subject.usage ?? 'server auth'],
    isCA,
    durationSeconds: (subject.days ?? 1) * day,
    withRequest: false,
  };
}

function instant(fromDay: number): Date {
  return new Date(Date.now() + fromDay * day * 1000);
}

export function testCA(commonName: string): TestCA {
  const { key, issued } = issueCertificate(order({ commonName, days: 400 }, true), undefined, instant(-200));
  return { authority: createAuthority([issued.certificate], key), anchor: anchorOf(issued.toPEM()) };
}

export function testIdentity(ca: TestCA | undefined, subject: TestSubject): IdentityPlan {
  const { key, issued } = issueCertificate(order(subject, false), ca?.authority, instant(subject.fromDay ?? 0));
  const certificatePEM = issued.toPEM();
  return {
    certificatePEM,
    privateKeyPEM: key.toPEM('PKCS8'),
    fingerprint: anchorOf(certificatePEM).fingerprint,
    notAfter: instant(subject.days ?? 1).toISOString(),
  };
}

/** Trusts the first certificate of a PEM text exactly as such. */
export function anchorOf(pem: string): AnchorPlan {
  const der = Buffer.from(pem.split('-----')[2]!, 'base64');
  return { pem, fingerprint: createHash('sha256').update(der).digest('hex'), from: 'Truststore test/test' };
}

function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

export function listenerPlan(host: string, identity: IdentityPlan, more: Partial<ListenerPlan> = {}): ListenerPlan {
  const plan = { host, profile: 'test/server', settings: {}, identity, clientAnchors: [], ...more };
  return { ...plan, digest: digestOf(plan) };
}

export function upstreamPlan(port: number, more: Partial<UpstreamPlan> = {}): UpstreamPlan {
  const host = more.host ?? 'localhost';
  const plan = {
    endpoint: `${host}:${port}`,
    host,
    port,
    secure: true,
    serverName: isIP(host) === 0 ? host : undefined,
    settings: {},
    identity: undefined,
    publicAuthorities: false,
    anchors: [],
    endpointCertificates: [],
    expiredAllowed: [],
    profile: 'test/client',
    ...more,
  };
  return { ...plan, digest: digestOf(plan) };
}

export function routePlan(basePath: string, upstream: UpstreamPlan, more: Partial<RoutePlan> = {}): RoutePlan {
  const scheme = upstream.secure ? 'https' : 'http';
  const target = `${scheme}://${upstream.endpoint}`;
  return { api: `test${basePath}`, basePath, type: 'REST', target, targetPath: '', upstream, ...more };
}
