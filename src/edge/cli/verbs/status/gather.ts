import type { ApiClient } from '#edge/api';
import { isAlarming, longestAlarmDays } from '#model/expiry';
import type { ExpiringCertificate } from '#model/expiry';
import type { KubeObject } from '#model/objects';
import type { Certificate, CertificateRequest, ClusterIssuer, Issuer } from '#model/resources';
import type { Progress } from '../../progress.ts';
import { isReady } from '../../readiness.ts';
import { fetchExpiry } from '../../server/expiry.ts';
import type { Access } from '../../server/access.ts';
import { discoverKinds, findKind, type ServedKind } from '../../server/kinds.ts';
import type { Gathered } from './report.ts';
import { surveyTLS } from './survey-tls.ts';

/** Reads what a report needs; certificates are looked at one by one and let go, however many there are. */
export async function gather(access: Access, progress: Progress): Promise<Gathered> {
  const { client, server, namespace } = access;
  const kinds = await discoverKinds(client);
  const each = <T extends KubeObject>(type: string): AsyncGenerator<T> => eachOf<T>(client, kinds, type, namespace);
  const certificates = await surveyCertificates(each<Certificate>('certificates'), progress);
  const issuers = await Array.fromAsync(each<Issuer>('issuers'));
  const clusterIssuers = await Array.fromAsync(each<ClusterIssuer>('clusterissuers'));
  return {
    server,
    version: await serverVersion(client),
    issuers: [...issuers, ...clusterIssuers],
    ...certificates,
    expiring: await expiringIn(access),
    requests: await requestsOf(certificates.failing, each<CertificateRequest>('certificaterequests')),
    tls: await surveyTLS(ownObjects(client, kinds, namespace)),
  };
}

/** The objects of Chancery's own kinds, kind by kind. */
async function* ownObjects(
  client: ApiClient,
  kinds: readonly ServedKind[],
  namespace: string | undefined,
): AsyncGenerator<KubeObject> {
  for (const kind of kinds.filter(({ group }) => group === 'chancery.dev')) {
    for await (const object of client.each(kind, { namespace })) yield { ...object, kind: kind.kind };
  }
}

const mostExpiring = 1000;

/** Certificates of all places that somebody should look after; none from a server that does not watch over them. */
async function expiringIn(access: Access): Promise<ExpiringCertificate[]> {
  const list = await fetchExpiry(access, { withinSeconds: longestAlarmDays * 86_400, limit: mostExpiring });
  return (list?.items ?? []).filter(({ state }) => isAlarming(state));
}

/** Items of a list do not say what they are. */
async function* eachOf<T extends KubeObject>(
  client: ApiClient,
  kinds: readonly ServedKind[],
  type: string,
  namespace: string | undefined,
): AsyncGenerator<T> {
  const kind = findKind(kinds, `${type}.cert-manager.io`);
  for await (const object of client.each<T>(kind, { namespace })) yield { ...object, kind: kind.kind };
}

type Survey = Pick<Gathered, 'certificates' | 'failing' | 'upcoming'>;

const upcomingCount = 5;

/** Counts, the failing ones, and the few that expire first. */
export async function surveyCertificates(all: AsyncIterable<Certificate>, progress: Progress): Promise<Survey> {
  const failing: Certificate[] = [];
  let upcoming: Certificate[] = [];
  let total = 0;
  for await (const certificate of all) {
    total += 1;
    if (total % 500 === 0) progress.show(`${total} certificates`);
    if (!isReady(certificate)) failing.push(certificate);
    upcoming = withUpcoming(upcoming, certificate);
  }
  progress.clear();
  return { certificates: { ready: total - failing.length, total }, failing, upcoming };
}

function withUpcoming(upcoming: Certificate[], certificate: Certificate): Certificate[] {
  const last = upcoming.at(-1);
  if (notAfterOf(certificate) === '') return upcoming;
  if (upcoming.length === upcomingCount && notAfterOf(certificate) >= notAfterOf(last!)) return upcoming;
  return [...upcoming, certificate].toSorted((a, b) => compare(notAfterOf(a), notAfterOf(b))).slice(0, upcomingCount);
}

function notAfterOf({ status }: Certificate): string {
  return status?.notAfter ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Read only when something fails. */
async function requestsOf(
  failing: readonly Certificate[],
  all: AsyncIterable<CertificateRequest>,
): Promise<CertificateRequest[]> {
  if (failing.length === 0) return [];
  const wanted = new Set(failing.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const requests: CertificateRequest[] = [];
  for await (const request of all) {
    const { namespace, annotations } = request.metadata;
    if (wanted.has(`${namespace}/${annotations?.['cert-manager.io/certificate-name']}`)) requests.push(request);
  }
  return requests;
}

async function serverVersion(client: ApiClient): Promise<string> {
  const { gitVersion } = await client.json<{ gitVersion: string }>({ method: 'GET', path: '/version' });
  return gitVersion.split('+chancery.')[1] ?? gitVersion;
}
