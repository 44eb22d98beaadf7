import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';
import type { ReachedWords } from './reached.ts';
import { short } from './reached.ts';

/** Open when the given CA is the one that signs. */
export function signs(which: 'old' | 'next', { name, why }: ReachedWords): Guard {
  return {
    name,
    why,
    check: ({ snapshot: { signer }, [which]: ca }) => {
      if (ca !== undefined && signer.current === ca.fingerprint)
        return verdict([], (never) => never, [`${ca.subject} signs`]);
      const blocked = {
        material: 'signer',
        wanted: short(ca?.fingerprint ?? ''),
        has: short(signer.current),
        message: `The CA that signs is not the ${which} one of this rotation.`,
        hint: 'Look at the Secret that the issuer signs with, and at other rotations of it.',
      };
      return verdict([blocked], (one) => one, []);
    },
  };
}
