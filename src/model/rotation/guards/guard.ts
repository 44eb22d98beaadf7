import type { AckRule } from '../acks.ts';
import type { Blocking } from '../step.ts';
import type { RotationView } from '../view.ts';

/** What a guard finds. */
export interface Verdict {
  readonly open: boolean;
  readonly evidence: readonly string[];
  readonly blocking: readonly Blocking[];
}

/** One condition of a transition: pure, and each with the outage that follows when it is left out. */
export interface Guard {
  readonly name: string;
  readonly why: string;
  readonly check: (view: RotationView, acks: readonly AckRule[]) => Verdict;
}

/** Lines of evidence that one gate keeps. */
export const longestEvidence = 50;

/** Open when nothing blocks. */
export function verdict(blocking: readonly Blocking[], evidence: readonly string[]): Verdict {
  return { open: blocking.length === 0, evidence: shortened(evidence), blocking };
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= longestEvidence) return lines;
  return [...lines.slice(0, longestEvidence - 1), `and ${lines.length - longestEvidence + 1} more`];
}
