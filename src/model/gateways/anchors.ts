import type { TrustedMaterial } from '#pki/material';
import type { AnchorPlan } from './plans.ts';

const made = new WeakMap<readonly TrustedMaterial[], Map<string, readonly AnchorPlan[]>>();

/**
 * Certificates as anchors, sorted by fingerprint. The same certificates from the same place are the same list, so that
 * ten thousand listeners with one truststore hold its anchors once.
 */
export function anchorsOf(certificates: readonly TrustedMaterial[], from: string): readonly AnchorPlan[] {
  const places = made.get(certificates) ?? new Map<string, readonly AnchorPlan[]>();
  made.set(certificates, places);
  const anchors = places.get(from) ?? sortAnchors(certificates.map((trusted) => anchorOf(trusted, from)));
  places.set(from, anchors);
  return anchors;
}

/** All of both, each certificate once, as the first list has it. */
export function joinAnchors(first: readonly AnchorPlan[], second: readonly AnchorPlan[]): readonly AnchorPlan[] {
  if (second.length === 0) return first;
  const byFingerprint = new Map([...second, ...first].map((anchor) => [anchor.fingerprint, anchor]));
  return sortAnchors([...byFingerprint.values()]);
}

function anchorOf({ certificate }: TrustedMaterial, from: string): AnchorPlan {
  return { pem: certificate.toPEM(), fingerprint: certificate.fingerprint, from };
}

function sortAnchors(anchors: readonly AnchorPlan[]): readonly AnchorPlan[] {
  return anchors.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : Number(a.fingerprint > b.fingerprint)));
}
