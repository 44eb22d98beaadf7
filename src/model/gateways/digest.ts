import { hash } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { AnchorPlan, IdentityPlan, ListenerPlan, UpstreamPlan } from './plans.ts';

/** What of a listener its peers can notice, as SHA-256. */
export function listenerDigest({ host, settings, identity, clientAnchors }: Omit<ListenerPlan, 'digest'>): string {
  return digest([host, settings, presented(identity), fingerprints(clientAnchors)]);
}

/** What of an upstream its connections depend on, as SHA-256. */
export function upstreamDigest(plan: Omit<UpstreamPlan, 'digest'>): string {
  const { endpoint, secure, serverName = null, settings, identity, publicAuthorities, anchors, expiredAllowed } = plan;
  const own = identity === undefined ? null : presented(identity);
  const trust = [publicAuthorities, fingerprints(anchors), expiredAllowed];
  return digest([endpoint, secure, serverName, settings, own, ...trust]);
}

/** The key belongs to the certificate, so that it need not be looked at, and cannot be found from the digest. */
const presented = ({ certificatePEM }: IdentityPlan): string => certificatePEM;

const fingerprints = (anchors: readonly AnchorPlan[]): string => anchors.map(({ fingerprint }) => fingerprint).join();

const digest = (parts: readonly unknown[]): string => hash('sha256', canonical(parts));
