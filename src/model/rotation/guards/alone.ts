import type { OtherRotation, RotationSnapshot } from '../snapshot.ts';
import type { Blocking } from '../step.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';

/** Open when no other rotation is about this CA. */
export const alone: Guard = {
  name: 'alone',
  why: 'Two rotations of one CA would each undo what the other has proven.',
  check: ({ snapshot }) => verdict(rivals(snapshot), rivalry, ['no other rotation of this CA']),
};

/** Rotations under way that share a CA with this one. */
export function rivals({ others, oldCA, nextCA }: RotationSnapshot): OtherRotation[] {
  const ours = [oldCA.fingerprint, ...(nextCA === undefined ? [] : [nextCA.fingerprint])];
  return others.filter(({ stage, authorities }) => stage !== 'Stable' && authorities.some((one) => ours.includes(one)));
}

export function rivalry({ name, stage }: OtherRotation): Blocking {
  return {
    material: name,
    wanted: 'no other rotation of this CA',
    has: `${name} is in ${stage}`,
    message: `Rotation ${name} of the same CA is under way.`,
    hint: `Wait until ${name} has ended, or roll it back.`,
  };
}
