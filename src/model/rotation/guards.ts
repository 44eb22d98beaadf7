import { alone } from './guards/alone.ts';
import { bundlesHold, bundlesLack } from './guards/anchors.ts';
import { externalsAttest } from './guards/externals.ts';
import type { Guard } from './guards/guard.ts';
import { leavesFrom } from './guards/leaves.ts';
import { linksAcceptNext } from './guards/links.ts';
import { unlessOverlapping } from './guards/overlapping.ts';
import { allReached } from './guards/reached.ts';
import { signs } from './guards/signer.ts';
import type { RotationStage } from './stage.ts';

/** A step from one stage to another, and all that must hold before it is taken. */
export interface Transition {
  readonly from: RotationStage;
  readonly to: RotationStage;
  readonly guards: readonly Guard[];
}

/**
 * The rotation without one failed handshake. Every guard is needed: the model checker takes each away and finds the
 * outage, or the old CA still accepted after the end. The levels of one material are asked for together, in the same
 * transition: what is wanted changes meanwhile, by a renewal or an edit of a bundle, and a proof of what was wanted
 * before is none.
 */
export const stagedTransitions: readonly Transition[] = [
  {
    from: 'Stable',
    to: 'TrustBoth',
    guards: [alone],
  },
  {
    from: 'TrustBoth',
    to: 'Issue',
    guards: [
      bundlesHold('next', {
        name: 'bundles-hold-next',
        why: 'A bundle without the next CA makes its readers refuse the first leaf that it signs.',
      }),
      linksAcceptNext,
      unlessOverlapping(
        allReached('trusts', 'persisted', {
          name: 'both-persisted',
          why: 'Who has both CAs in memory only, trusts the old one alone after a restart.',
        }),
      ),
      unlessOverlapping(
        allReached('trusts', 'proven', {
          name: 'both-proven',
          why: 'Two engines answer Success and go on with the old trust; a handshake does not.',
        }),
      ),
      unlessOverlapping(
        allReached('trusts', 'exclusive', {
          name: 'both-exclusive',
          why: 'An old worker goes on calling with the trust it began with.',
        }),
      ),
      unlessOverlapping(
        externalsAttest('trusts', 'TrustBoth', {
          name: 'externals-trust-both',
          why: 'What nobody can look at refuses the new leaves unless somebody has told it of the next CA.',
        }),
      ),
    ],
  },
  {
    from: 'Issue',
    to: 'Drain',
    guards: [
      signs('next', {
        name: 'next-signs',
        why: 'When all leaves are from the next CA already, a renewal could still come from the old one.',
      }),
      leavesFrom('next', {
        name: 'leaves-from-next',
        why: 'A leaf of the old CA that was left out is refused when the old CA goes.',
      }),
    ],
  },
  {
    from: 'Drain',
    to: 'Distrust',
    guards: [
      allReached('identities', 'persisted', {
        name: 'leaves-persisted',
        why: 'Who has its new leaf in memory only, presents the old one after a restart.',
      }),
      allReached('identities', 'proven', {
        name: 'leaves-proven',
        why: 'An engine may say that it has loaded the new leaf and present the old one.',
      }),
      allReached('identities', 'exclusive', {
        name: 'leaves-exclusive',
        why: 'An old worker goes on presenting the leaf it began with.',
      }),
      externalsAttest('identities', 'Issue', {
        name: 'externals-present-next',
        why: 'What nobody can look at may present a leaf of the old CA.',
      }),
    ],
  },
  {
    from: 'Distrust',
    to: 'Flush',
    guards: [
      bundlesLack('old', { name: 'old-withdrawn', why: 'A bundle that was left out keeps the old CA trusted.' }),
    ],
  },
  {
    from: 'Flush',
    to: 'Stable',
    guards: [
      allReached('trusts', 'persisted', {
        name: 'withdrawal-persisted',
        why: 'Who has dropped the old CA in memory only, trusts it again after a restart.',
      }),
      allReached('trusts', 'proven', {
        name: 'withdrawal-proven',
        why: 'An engine may say that it has dropped the old CA and go on accepting it.',
      }),
      allReached('trusts', 'exclusive', {
        name: 'old-refused',
        why: 'Old workers and resumed sessions let in whom the new trust refuses.',
      }),
    ],
  },
  {
    from: 'Rollback',
    to: 'Withdraw',
    guards: [
      signs('old', {
        name: 'old-signs-again',
        why: 'When all leaves are still from the old CA, a renewal could come from the next one.',
      }),
      leavesFrom('old', {
        name: 'leaves-from-old',
        why: 'A leaf of the next CA that was left out is refused when the next CA goes.',
      }),
      allReached('identities', 'persisted', {
        name: 'return-persisted',
        why: 'Who has the returned leaf in memory only, presents that of the next CA after a restart.',
      }),
      allReached('identities', 'proven', {
        name: 'return-proven',
        why: 'An engine may say that it has loaded the returned leaf and present the other.',
      }),
      allReached('identities', 'exclusive', {
        name: 'return-exclusive',
        why: 'A worker from before the return goes on presenting the leaf of the next CA.',
      }),
      externalsAttest('identities', 'Rollback', {
        name: 'externals-present-old',
        why: 'What nobody can look at may present a leaf of the next CA.',
      }),
    ],
  },
  {
    from: 'Withdraw',
    to: 'Stable',
    guards: [
      bundlesLack('next', { name: 'next-withdrawn', why: 'A bundle that was left out keeps the next CA trusted.' }),
      allReached('trusts', 'persisted', {
        name: 'return-trust-persisted',
        why: 'Who has dropped the next CA in memory only, trusts it again after a restart.',
      }),
      allReached('trusts', 'proven', {
        name: 'return-trust-proven',
        why: 'An engine may say that it has dropped the next CA and go on accepting it.',
      }),
      allReached('trusts', 'exclusive', {
        name: 'next-refused',
        why: 'Old workers and resumed sessions let in whom the returned trust refuses.',
      }),
    ],
  },
];

const staged = (to: RotationStage, from: RotationStage): readonly Guard[] =>
  stagedTransitions.find((one) => one.from === from && one.to === to)!.guards;

/**
 * A compromised CA: it is withdrawn at once and everything is issued anew at once; links fail in between, and
 * `whatBreaks()` says which. Nothing is waited for but what makes an end an end: proof that the old CA is refused.
 */
export const emergencyTransitions: readonly Transition[] = [
  { from: 'Stable', to: 'Distrust', guards: staged('TrustBoth', 'Stable') },
  {
    from: 'Distrust',
    to: 'Issue',
    guards: [
      bundlesHold('next', { name: 'bundles-hold-next', why: 'Nobody would accept the leaves to come.' }),
      bundlesLack('old', { name: 'old-withdrawn', why: 'Who holds the stolen key must get in nowhere.' }),
    ],
  },
  { from: 'Issue', to: 'Drain', guards: staged('Drain', 'Issue') },
  { from: 'Drain', to: 'Flush', guards: staged('Distrust', 'Drain') },
  { from: 'Flush', to: 'Stable', guards: staged('Stable', 'Flush') },
];

/** What an instance must have before it may serve; the same at every stage, so that joining needs no stage of its own. */
export const joinGuards: readonly Guard[] = [
  allReached('trusts', 'persisted', {
    name: 'join-trust-persisted',
    why: 'The first restart would bring back the trust of the image it was made from.',
  }),
  allReached('trusts', 'proven', { name: 'join-trust-proven', why: 'It may run with the trust of its image.' }),
  allReached('trusts', 'exclusive', {
    name: 'join-trust-exclusive',
    why: 'What it started with from its image may still run beside the new.',
  }),
  allReached('identities', 'persisted', {
    name: 'join-leaves-persisted',
    why: 'The first restart would bring back the leaf of the image it was made from.',
  }),
  allReached('identities', 'proven', { name: 'join-leaves-proven', why: 'It may present the leaf of its image.' }),
  allReached('identities', 'exclusive', {
    name: 'join-leaves-exclusive',
    why: 'What it started with from its image may still present the old leaf.',
  }),
];
