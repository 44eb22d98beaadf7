import { rivals, rivalry } from '../guards/alone.ts';
import type { PreflightCheck } from './refusal.ts';

/** Trust that is an uploaded file. */
export const fixedBundles: PreflightCheck = {
  name: 'trust-cannot-be-changed',
  why: 'It would refuse the first leaf of the next CA.',
  find: ({ bundles, snapshot: { nextCA } }) =>
    bundles
      .filter(({ writable, anchors }) => writable === false && !anchors.includes(nextCA?.fingerprint ?? ''))
      .map(({ place }) => ({
        place,
        message: `${place} holds the CA in a file that was uploaded.`,
        hint: 'Make it from a TrustBundle, or upload one with both CAs and bring the next CA along.',
      })),
};

/** One rotation of a CA at a time. */
export const otherRotations: PreflightCheck = {
  name: 'rotation-under-way',
  why: 'Two rotations of one CA would each undo what the other has proven.',
  find: ({ snapshot }) =>
    rivals(snapshot).map((rival) => {
      const { material, message, hint } = rivalry(rival);
      return { place: material, message, hint };
    }),
};
