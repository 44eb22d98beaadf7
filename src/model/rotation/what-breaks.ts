import type { BundleState, CAFacts, LinkState, RotationSnapshot } from './snapshot.ts';
import { viewOf, vouchesFor } from './view.ts';

/** A link that fails when the old CA is withdrawn now, until its presenter has its new leaf. */
export interface BrokenLink {
  readonly presenter: string;
  readonly verifier: string;
  readonly side: LinkState['side'];
  /** Place of the leaf that is refused. */
  readonly identity: string;
  readonly trust: string;
}

/** What fails from the moment in which trust in the old CA is withdrawn without waiting. */
export function whatBreaks(snapshot: RotationSnapshot): BrokenLink[] {
  const view = viewOf(snapshot);
  const { fingerprint } = view.old;
  const leaves = new Set(snapshot.leaves.filter((leaf) => leaf.issuedFrom === fingerprint).map(({ place }) => place));
  const bundles = new Set(snapshot.bundles.filter((bundle) => restsOn(bundle, view.old)).map(({ place }) => place));
  return snapshot.links
    .filter(({ identity, trust }) => leaves.has(identity) && bundles.has(trust))
    .map(({ presenter, verifier, side, identity, trust }) => ({ presenter, verifier, side, identity, trust }));
}

/** Whether the bundle accepts what `ca` has signed for no other reason than that it holds it. */
function restsOn({ anchors }: BundleState, ca: CAFacts): boolean {
  const others = anchors.filter((one) => one !== ca.fingerprint);
  return vouchesFor(anchors, ca) && !vouchesFor(others, ca);
}
