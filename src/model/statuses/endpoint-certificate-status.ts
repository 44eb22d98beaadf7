import { isCoded } from '#errors';
import { expiryCondition } from '#model/expiry';
import { setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import { endpointTerm, readEndpoint } from '#model/resources';
import type { CertificateFacts, EndpointCertificate, NodeProgress } from '#model/resources';
import { describeCertificate, readCertificateText } from '#pki/material';
import { nextDateChange } from './next-date-change.ts';
import { earlier } from './earlier.ts';

type Status = NonNullable<EndpointCertificate['status']>;
type Reading = { readonly certificates: readonly CertificateFacts[] } | { readonly problem: string };

/** What others know of an endpoint certificate. */
export interface Surroundings {
  readonly usedBy: Pick<Status, 'usedBy' | 'usedByCount'>;
  /** `ns/name` of others with the same certificate. */
  readonly sharedWith: readonly string[];
  readonly nodes: NodeProgress;
}

/** A status names no more; with so many, nobody is told of one more. */
export const mostShared = 100;

/** What is in it: from the status where that is of this generation, so that it is read once. */
export function readContents({ metadata, spec, status }: EndpointCertificate, now: Date): Reading {
  const known = status?.observedGeneration === metadata.generation ? (status?.certificates ?? []) : [];
  if (known.length > 0) return { certificates: known };
  try {
    const { certificates } = readCertificateText(spec.certificate, { now });
    return { certificates: certificates.map(({ certificate }) => factsOf(describeCertificate(certificate))) };
  } catch (error) {
    if (isCoded(error)) return { problem: error.message };
    throw error;
  }
}

function factsOf({ dnsNames, ...facts }: ReturnType<typeof describeCertificate>): CertificateFacts {
  return dnsNames === undefined ? facts : { ...facts, dnsNames: [...dnsNames] };
}

/** The status it shall have, and when time alone will change it. */
export function endpointCertificateStatus(
  certificate: EndpointCertificate,
  reading: Reading,
  { usedBy, sharedWith, nodes }: Surroundings,
  now: Date,
): { readonly status: Status; readonly nextChange: Date | undefined } {
  const { metadata, spec, status: before } = certificate;
  const certificates = 'problem' in reading ? [] : reading.certificates;
  const expiry = expiryCondition(certificates, now);
  const ready = { ...readiness(spec, reading, now), ...generationOf(metadata) };
  const conditions = setCondition(setCondition(before?.conditions, ready, now), expiry.condition, now);
  const status: Status = {
    ...generationOf(metadata),
    conditions: [...conditions],
    certificates: [...certificates],
    ...earliestEnd(certificates),
    appliesTo: appliesTo(spec.endpoint),
    sharedWith: sharedWith.slice(0, mostShared),
    ...usedBy,
    nodes,
  };
  return { status, nextChange: earlier(expiry.nextChange, nextDateChange(certificates, now)) };
}

function generationOf({ generation }: EndpointCertificate['metadata']): { observedGeneration?: number } {
  return generation === undefined ? {} : { observedGeneration: generation };
}

function readiness(spec: EndpointCertificate['spec'], reading: Reading, now: Date): ConditionUpdate {
  if ('problem' in reading) return notReady('MaterialUnreadable', reading.problem);
  const endpoint = readEndpoint(spec.endpoint);
  if ('problem' in endpoint) return notReady('EndpointUnreadable', endpoint.problem);
  const { subject, notBefore, notAfter } = reading.certificates[0]!;
  if (now < new Date(notBefore)) {
    return notReady('NotYetValid', `the certificate "${subject}" is not valid before ${notBefore}`);
  }
  const isExpired = now.getTime() >= Date.parse(notAfter) + 1000;
  if (isExpired && spec.allowExpired !== true) {
    return notReady('Expired', `the certificate "${subject}" expired at ${notAfter}. Replace it.`);
  }
  const remark = isExpired ? `; it expired at ${notAfter}, which was allowed` : '';
  return {
    type: 'Ready',
    status: 'True',
    reason: 'InForce',
    message: `in force for ${appliesTo(spec.endpoint)}${remark}`,
  };
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: 'Ready', status: 'False', reason, message };
}

/** `foo.com:8443`, `foo.com, every port`. */
function appliesTo(text: string): string {
  const endpoint = readEndpoint(text);
  if ('problem' in endpoint) return 'nothing';
  const term = endpointTerm(endpoint.host, endpoint.port);
  return endpoint.port === undefined ? `${term}, every port` : term;
}

function earliestEnd(certificates: readonly CertificateFacts[]): { notAfter?: string } {
  const [first, ...others] = certificates.map(({ notAfter }) => notAfter);
  if (first === undefined) return {};
  return { notAfter: others.reduce((least, end) => (Date.parse(end) < Date.parse(least) ? end : least), first) };
}
