import { X509Certificate } from 'node:crypto';
import type { AnchorPlan, UpstreamPlan } from '#model/gateways';
import type { TrustChange } from './still-trusted.ts';

/** What callers' connections must be judged by when the client trust of a host changes; undefined when none was taken away. */
export function clientTrustChange(
  before: readonly AnchorPlan[],
  after: readonly AnchorPlan[],
): TrustChange | undefined {
  return changeOf(before, after, false);
}

/** The same for connections to a backend. */
export function upstreamTrustChange(before: UpstreamPlan, after: UpstreamPlan): TrustChange | undefined {
  if (!after.secure || verifiesNothing(after)) return undefined;
  const othersBefore = before.publicAuthorities || verifiesNothing(before) || !before.secure;
  if (othersBefore && !after.publicAuthorities) return everythingRemoved(after);
  return changeOf(before.anchors, after.anchors, after.publicAuthorities);
}

function verifiesNothing(plan: UpstreamPlan): boolean {
  return plan.settings.insecureServerConnections === true;
}

function everythingRemoved(after: UpstreamPlan): TrustChange {
  return { removed: [], remaining: parse(after.anchors), othersTrusted: false };
}

function changeOf(
  before: readonly AnchorPlan[],
  after: readonly AnchorPlan[],
  othersTrusted: boolean,
): TrustChange | undefined {
  const kept = new Set(after.map((anchor) => anchor.fingerprint));
  const removed = before.filter((anchor) => !kept.has(anchor.fingerprint));
  if (removed.length === 0) return undefined;
  return { removed: parse(removed), remaining: parse(after), othersTrusted };
}

function parse(anchors: readonly AnchorPlan[]): X509Certificate[] {
  return anchors.map((anchor) => new X509Certificate(anchor.pem));
}
