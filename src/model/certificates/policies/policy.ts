import type { CertificateRequest } from '#model/resources';
import type { CertificateSnapshot } from '../snapshot.ts';
import { revisionOf } from '../revision-history.ts';

/** Why a Certificate is not as it should be: the reason is one word, the message a sentence. */
export interface Violation {
  readonly reason: string;
  readonly message: string;
  /** Something to warn of beside. */
  readonly warning?: { readonly reason: string; readonly message: string };
}

/** One check; undefined when there is nothing to object to. */
export type Policy = (snapshot: CertificateSnapshot) => Violation | undefined;

/** The first violation in a chain, in order. */
export function firstViolation(chain: readonly Policy[], snapshot: CertificateSnapshot): Violation | undefined {
  for (const policy of chain) {
    const violation = policy(snapshot);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** The request that the certificate in the Secret came from: that of the revision in the status. */
export function currentRequest({ certificate, requests }: CertificateSnapshot): CertificateRequest | undefined {
  const revision = certificate.status?.revision;
  return revision === undefined ? undefined : requests.find((request) => revisionOf(request) === revision);
}

/** Number of the revision that comes next. */
export function nextRevision({ certificate }: CertificateSnapshot): number {
  return (certificate.status?.revision ?? 0) + 1;
}

/** The requests made for the next revision. */
export function nextRequests(snapshot: CertificateSnapshot): CertificateRequest[] {
  const next = nextRevision(snapshot);
  return snapshot.requests.filter((request) => revisionOf(request) === next);
}
