import type { LeafState } from '../snapshot.ts';
import type { PreflightCheck } from './refusal.ts';

/** A leaf outlives its CA in vain. */
export const outlivingLeaves: PreflightCheck = {
  name: 'leaf-outlives-the-next-ca',
  why: 'It is refused when the CA has expired, and nobody looks at it before.',
  find: ({ snapshot: { leaves, nextCA, now } }) => {
    if (nextCA === undefined) return [];
    const outlives = (leaf: LeafState): boolean =>
      now.getTime() + (leaf.durationSeconds ?? 0) * 1000 > nextCA.notAfter.getTime();
    return leaves.filter(outlives).map(({ place }) => ({
      place,
      message: `${place} asks for a life beyond ${nextCA.notAfter.toISOString()}, when the next CA ends.`,
      hint: `Shorten spec.duration of ${place}, or bring a CA that lives longer.`,
    }));
  },
};

/** Nothing can be changed in time when the old CA has ended already. */
export const endedCA: PreflightCheck = {
  name: 'old-ca-has-expired',
  why: 'Its certificates are refused already; there is nothing to keep alive by stages.',
  find: ({ snapshot: { now, wish }, old }) =>
    now < old.notAfter || wish.emergency === true
      ? []
      : [
          {
            place: old.subject,
            message: `The CA ended at ${old.notAfter.toISOString()}.`,
            hint: 'Rotate it with emergency true.',
          },
        ],
};

/** What was brought from elsewhere cannot be issued here. */
export const foreignLeaves: PreflightCheck = {
  name: 'leaf-cannot-be-reissued',
  why: 'It would hold the rotation up at its middle.',
  find: ({ snapshot: { leaves }, next }) =>
    leaves
      .filter(({ reissuable, issuedFrom }) => reissuable === false && issuedFrom !== next?.fingerprint)
      .map(({ place }) => ({
        place,
        message: `${place} is signed by this CA but not by a Certificate of ours.`,
        hint: 'Make a Certificate for it, or stop presenting it.',
      })),
};
