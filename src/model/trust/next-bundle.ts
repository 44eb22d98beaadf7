import type { Certificate as X509 } from '#pki/x509';
import type { Anchor, TrustBundle } from '#model/resources';
import type { Problem } from '#model/stores';
import { trustedAnchors } from '#model/stores';
import { givenBy } from './given.ts';
import type { Given } from './given.ts';
import { keptAnchor, newAnchor } from './next-anchor.ts';
import type { ResolvedSource } from './sources.ts';
import { trustDigest } from './trust-digest.ts';

/** What a running Rotation asks of every bundle. */
export interface BundleOrder {
  /** `Rotation ns/name`. */
  readonly rotation: string;
  /** A certificate that is trusted wherever the one with the fingerprint `beside` is. */
  readonly add?: { readonly certificate: X509; readonly beside: string };
  /** Fingerprints that are trusted no longer, whoever gives them. */
  readonly withdraw?: readonly string[];
}

export interface BundleSnapshot {
  readonly bundle: TrustBundle;
  readonly sources: readonly ResolvedSource[];
  readonly orders?: readonly BundleOrder[];
  readonly now: Date;
}

export interface NextBundle {
  /** In the order in which they came; what is withdrawn stays in the list while a source gives it. */
  readonly anchors: readonly Anchor[];
  /** One more than before when the set of trusted certificates differs, else the same; 0 before the first. */
  readonly bundleGeneration: number;
  /** SHA-256 over the set of trusted certificates. */
  readonly digest: string;
  /** Whether the set of trusted certificates differs. */
  readonly changed: boolean;
  /** Sources that give nothing at the moment; what they gave before stays. */
  readonly problems: readonly Problem[];
  /** Why the set stays as it was, although something else was asked for. */
  readonly refusal?: Problem;
}

/** As many as a status can bear. */
const mostAnchors = 500;

/**
 * What the bundle shall hold. A source that changes, fails or goes takes nothing away: what it gave stays as `retained`
 * until `spec.forget` names it or a Rotation withdraws it. The last certificate cannot be taken away.
 */
export function nextBundle(snapshot: BundleSnapshot): NextBundle {
  const { bundle, sources } = snapshot;
  const held = bundle.status?.anchors ?? [];
  const anchors = nextAnchors(snapshot, held);
  const problems = sources.flatMap(({ certificates }) => (certificates.ok ? [] : [certificates.problem]));
  const refusal = refusalOf(anchors, held);
  return { ...numbered(bundle, refusal === undefined ? anchors : held), problems, ...(refusal && { refusal }) };
}

function nextAnchors(snapshot: BundleSnapshot, held: readonly Anchor[]): Anchor[] {
  const given = givenBy(snapshot, held);
  const all = { snapshot, given, areAllKnown: snapshot.sources.every(({ certificates }) => certificates.ok) };
  const known = new Set(held.map(({ fingerprint }) => fingerprint));
  const kept = held.flatMap((anchor) => keptAnchor(all, anchor) ?? []);
  const fresh = [...given.values()].filter(({ certificate }) => !known.has(certificate.fingerprint));
  return [...kept, ...fresh.map((one: Given) => newAnchor(snapshot, one))];
}

function refusalOf(anchors: readonly Anchor[], held: readonly Anchor[]): Problem | undefined {
  const count = trustedAnchors({ status: { anchors: [...anchors] } }).length;
  const before = trustedAnchors({ status: { anchors: [...held] } }).length;
  if (count === 0 && before > 0) {
    const hint = 'Give a source of other certificates first, or delete the bundle.';
    return { reason: 'NoCertificate', message: 'nothing would be trusted any more; the bundle stays as it was', hint };
  }
  if (anchors.length <= mostAnchors) return undefined;
  const message = `there would be ${anchors.length} certificates; at most ${mostAnchors} are allowed, and the bundle stays as it was`;
  return { reason: 'TooManyCertificates', message, hint: 'Forget those that are not needed, or make two bundles.' };
}

function numbered({ status = {} }: TrustBundle, anchors: readonly Anchor[]) {
  const trusted = trustedAnchors({ status: { anchors: [...anchors] } }).map(({ fingerprint }) => fingerprint);
  const before = trustedAnchors({ status }).map(({ fingerprint }) => fingerprint);
  const digest = trustDigest(trusted);
  const changed = digest !== trustDigest(before);
  return { anchors, digest, changed, bundleGeneration: (status.bundleGeneration ?? 0) + (changed ? 1 : 0) };
}
