import type { LinkState } from '../snapshot.ts';
import type { Blocking } from '../step.ts';
import type { RotationView } from '../view.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';

/** Open when no verifier is predicted to refuse what the next CA signs. */
export const linksAcceptNext: Guard = {
  name: 'verifiers-fit-next',
  why: 'Trust is not all: an engine that cannot verify the new algorithm or depth refuses what it trusts.',
  check: (view) => {
    const links = rotatedLinks(view);
    const refusing = links.filter(({ refusesNext }) => refusesNext !== undefined);
    return verdict(refusing, refusal, [`${links.length - refusing.length} of ${links.length} links fit`]);
  },
};

/** Links on which a leaf of the rotation is presented. */
export function rotatedLinks({ snapshot: { links, leaves } }: RotationView): LinkState[] {
  const places = new Set(leaves.map(({ place }) => place));
  return links.filter(({ identity }) => places.has(identity));
}

export function refusal({ presenter, verifier, identity, refusesNext = '' }: LinkState): Blocking {
  return {
    workload: verifier,
    material: identity,
    wanted: `accepts ${presenter} with a certificate of the next CA`,
    has: 'is predicted to refuse it',
    message: refusesNext,
    hint: `Change the profile or engine of ${verifier}, or the algorithm of the next CA; or roll back.`,
  };
}
