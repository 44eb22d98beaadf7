import type { CAFacts, LeafState } from '../snapshot.ts';
import type { Blocking } from '../step.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';
import type { ReachedWords } from './reached.ts';
import { short } from './reached.ts';

/** Open when every leaf is from the given CA and ready, and none is being made. */
export function leavesFrom(which: 'old' | 'next', { name, why }: ReachedWords): Guard {
  return {
    name,
    why,
    check: ({ snapshot: { leaves }, [which]: ca }) => {
      const late = leaves.filter((leaf) => ca === undefined || !isFrom(leaf, ca));
      const done = `${leaves.length - late.length} of ${leaves.length} certificates are from ${ca?.subject ?? ''}`;
      return verdict(late, (leaf) => notYet(leaf, ca), [done]);
    },
  };
}

export function isFrom({ issuedFrom, ready, issuing }: LeafState, { fingerprint }: CAFacts): boolean {
  return issuedFrom === fingerprint && ready && issuing !== true;
}

function notYet({ place, issuedFrom, generation, reissuable, issuing }: LeafState, ca?: CAFacts): Blocking {
  return {
    material: place,
    wanted: `from ${short(ca?.fingerprint ?? '')}`,
    has: `from ${short(issuedFrom)}, revision ${generation}`,
    message: issuing === true ? 'It is being made.' : 'It is not issued from this CA, or not ready.',
    hint:
      reissuable === false
        ? 'It was brought from elsewhere: bring one that this CA has signed.'
        : 'Look at the Certificate and its requests.',
  };
}
