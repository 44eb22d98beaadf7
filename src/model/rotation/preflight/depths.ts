import { rotatedLinks } from '../guards/links.ts';
import { refusal } from '../guards/links.ts';
import type { CAFacts, LinkState, RotationWish } from '../snapshot.ts';
import type { PreflightCheck } from './refusal.ts';

/** Chains that an engine cuts off. One as long as that of today is none: whoever takes it was told to. */
export const tooDeep: PreflightCheck = {
  name: 'chain-too-deep',
  why: 'The engine then reports an unknown issuer, not the depth.',
  find: (view) => {
    const { wish, leaves, nextCA } = view.snapshot;
    const between = new Map(leaves.map((leaf) => [leaf.place, leaf.between ?? 0]));
    const above = aboveOf(nextCA ?? view.old) + (wish.crossSign === true ? 1 : 0);
    const grows = above > aboveOf(view.old);
    const depthOf = ({ identity }: LinkState): number => above + (between.get(identity) ?? 0);
    return rotatedLinks(view)
      .filter((link) => grows && depthOf(link) > (link.maxDepth ?? Infinity))
      .map((link) => ({ place: link.verifier, message: tooDeepText(link, depthOf(link)), hint: hintFor(wish) }));
  },
};

const tooDeepText = ({ presenter, verifier, maxDepth }: LinkState, depth: number): string =>
  `${presenter} would present ${depth} CAs between its certificate and the anchor; ${verifier} accepts ${maxDepth}.`;

const hintFor = ({ crossSign }: RotationWish): string =>
  crossSign === true ? 'Leave out crossSign.' : 'Bring a next CA with no more CAs above it than the old one has.';

/** CAs between the certificates that this one signs and the anchor. */
const aboveOf = ({ path }: CAFacts): number => path.length - 1;

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
