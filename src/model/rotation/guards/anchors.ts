import type { BundleState, CAFacts } from '../snapshot.ts';
import type { Blocking } from '../step.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';
import type { ReachedWords } from './reached.ts';
import { short } from './reached.ts';

/** Open when there is a next CA and every bundle of the rotation holds the given CA. */
export function bundlesHold(which: 'old' | 'next', { name, why }: ReachedWords): Guard {
  return {
    name,
    why,
    check: (view) => {
      if (view[which] === undefined) return verdict([noNext], (one) => one, []);
      const missing = view.bundles.filter((bundle) => !holds(bundle, view[which]));
      return verdict(
        missing,
        (bundle) => lacks(bundle, view[which]!),
        view.bundles.filter((bundle) => holds(bundle, view[which])).map(held),
      );
    },
  };
}

/** Open when no bundle holds the given CA any more. */
export function bundlesLack(which: 'old' | 'next', { name, why }: ReachedWords): Guard {
  return {
    name,
    why,
    check: (view) => {
      const left = view.bundles.filter((bundle) => holds(bundle, view[which]));
      const done = view.bundles.filter((bundle) => !holds(bundle, view[which]));
      return verdict(left, (bundle) => keeps(bundle, view[which]!), done.map(held));
    },
  };
}

export function holds({ anchors }: BundleState, ca: CAFacts | undefined): boolean {
  return ca !== undefined && anchors.includes(ca.fingerprint);
}

function held({ place, generation, anchors }: BundleState): string {
  return `${place} generation ${generation}: ${anchors.length} anchors`;
}

const noNext: Blocking = {
  material: 'next CA',
  wanted: 'a next CA',
  has: 'none',
  message: 'The next CA has not been made.',
  hint: 'Look at the events of the Rotation.',
};

function lacks({ place, generation, writable }: BundleState, { fingerprint, subject }: CAFacts): Blocking {
  return {
    material: place,
    wanted: `holds ${short(fingerprint)}`,
    has: `generation ${generation} without it`,
    message: `${place} does not hold ${subject}.`,
    hint:
      writable === false
        ? `Add the next CA to ${place} by hand, or make it from a TrustBundle.`
        : 'Look at the events of the bundle.',
  };
}

function keeps({ place, generation, writable }: BundleState, { fingerprint, subject }: CAFacts): Blocking {
  return {
    material: place,
    wanted: `does not hold ${short(fingerprint)}`,
    has: `generation ${generation} with it`,
    message: `${place} still holds ${subject}.`,
    hint: writable === false ? `Remove it from ${place} by hand.` : 'Look at the events of the bundle.',
  };
}
