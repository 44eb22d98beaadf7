import { rotatedLinks } from '../guards/links.ts';
import { refusal } from '../guards/links.ts';
import type { RotationView } from '../view.ts';
import type { PreflightCheck } from './refusal.ts';

/** Chains that an engine cuts off: NGINX, Kong and APISIX accept one certificate between leaf and anchor by default. */
export const tooDeep: PreflightCheck = {
  name: 'chain-too-deep',
  why: 'The engine then reports an unknown issuer, not the depth.',
  find: (view) => {
    const depth = depthUnderNext(view);
    return rotatedLinks(view)
      .filter(({ maxDepth = Infinity }) => depth > maxDepth)
      .map(({ presenter, verifier, maxDepth }) => ({
        place: verifier,
        message: `${presenter} would present ${depth} certificates above its leaf; ${verifier} accepts ${maxDepth}.`,
        hint: view.snapshot.wish.crossSign === true ? 'Leave out crossSign.' : `Raise the depth of ${verifier}.`,
      }));
  },
};

/** Certificates between a leaf of the next CA and the anchor; the next CA has the place of the old one. */
function depthUnderNext({ snapshot: { wish, nextCA }, old }: RotationView): number {
  const above = (nextCA ?? old).path.length - 1;
  return above + (wish.crossSign === true ? 1 : 0);
}

/** What the handshake oracle predicts. */
export const refusingVerifiers: PreflightCheck = {
  name: 'verifier-refuses-next',
  why: 'It would hold the rotation up before the first leaf.',
  find: (view) =>
    rotatedLinks(view)
      .filter(({ refusesNext }) => refusesNext !== undefined)
      .map((link) => {
        const { workload, message, hint } = refusal(link);
        return { place: workload!, message, hint };
      }),
};
