import type { RotationView } from '../view.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';

/**
 * `guard`, unless either trust accepts either leaf anyway: the CAs share a key and a name, or the leaves come with the
 * cross-certificate by which the old trust accepts them. Holds while the old CA is valid.
 */
export function unlessOverlapping(guard: Guard): Guard {
  return {
    ...guard,
    check: (view, acks) => {
      const reason = overlap(view);
      return reason === undefined ? guard.check(view, acks) : verdict([], (never) => never, [reason]);
    },
  };
}

/** Why no trust needs to change before the leaves do; undefined when it does. */
export function overlap({ snapshot, old, next }: RotationView): string | undefined {
  if (next === undefined || snapshot.now >= old.notAfter) return undefined;
  const until = `until ${old.notAfter.toISOString()}`;
  if (snapshot.wish.key === 'same' && next.subject === old.subject) {
    return `the next CA has the key and the name of the old one: either accepts all certificates ${until}`;
  }
  if (snapshot.wish.crossSign !== true) return undefined;
  return `the old CA has signed the next one: trust in the old one accepts the new certificates ${until}`;
}
