import type { Ack, AckLevel } from './snapshot.ts';
import type { Holder, Wanted } from './view.ts';

/** A claim, beside what it should say. */
export interface Claim {
  readonly ack: Ack;
  readonly level: AckLevel;
  readonly wanted: Wanted;
  readonly holder: Holder;
}

/** One reason not to believe a claim. A test takes each away and shows the outage that follows. */
export interface AckRule {
  readonly name: string;
  readonly why: string;
  readonly counts: (claim: Claim) => boolean;
}

/** When a claim counts: all of these hold. */
export const ackRules: readonly AckRule[] = [
  {
    name: 'names-the-content',
    why: 'An engine may answer Success and go on with what it had; only what a handshake has shown is there.',
    counts: ({ ack, wanted }) => ack.content === wanted.content,
  },
  {
    name: 'of-this-generation',
    why: 'The same set may return: who has loaded it in an earlier round may have the round between still before him.',
    counts: ({ ack, wanted }) => ack.generation >= wanted.generation,
  },
  {
    name: 'since-the-start',
    why: 'An instance made anew from an old image bears the same name; what its forerunner had says nothing of it.',
    counts: ({ ack, holder }) => !(ack.at < (holder.instance.startedTime ?? ack.at)),
  },
  {
    name: 'gone-after-proof',
    why: 'Old contexts that went before the new one came are not those that it replaces.',
    counts: ({ ack, level, holder }) =>
      level !== 'exclusive' || !(ack.at < (holder.material.acks.proven?.at ?? ack.at)),
  },
];

/** Whether the holder has reached `level` with what is wanted now. */
export function hasReached(
  holder: Holder,
  level: AckLevel,
  wanted: Wanted,
  rules: readonly AckRule[] = ackRules,
): boolean {
  const ack = holder.material.acks[level];
  return ack !== undefined && rules.every(({ counts }) => counts({ ack, level, wanted, holder }));
}
