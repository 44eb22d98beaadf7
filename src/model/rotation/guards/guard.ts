import type { AckRule } from '../acks.ts';
import type { Blocking } from '../step.ts';
import type { RotationView } from '../view.ts';

/** What a guard finds. */
export interface Verdict {
  readonly open: boolean;
  readonly evidence: readonly string[];
  /** At most `longestBlocking` of `blockingTotal`. */
  readonly blocking: readonly Blocking[];
  readonly blockingTotal: number;
}

/** One condition of a transition: pure, and each with the outage that follows when it is left out. */
export interface Guard {
  readonly name: string;
  readonly why: string;
  readonly check: (view: RotationView, acks: readonly AckRule[]) => Verdict;
}

/** Lines of evidence that one gate keeps. */
export const longestEvidence = 50;

/** How many obstacles are told of. */
export const longestBlocking = 100;

/** Open when nothing is late; each of those that are is told of by `tell`. */
export function verdict<T>(late: readonly T[], tell: (one: T) => Blocking, evidence: readonly string[]): Verdict {
  const blocking = late.slice(0, longestBlocking).map((one) => tell(one));
  return { open: late.length === 0, evidence, blocking, blockingTotal: late.length };
}

/** A line for each of the first that are done, after a summary. */
export function evidenceOf<T>(summary: string, done: readonly T[], line: (one: T) => string): string[] {
  const lines = done.slice(0, longestEvidence - 2).map((one) => line(one));
  const rest = done.length - lines.length;
  return [summary, ...lines, ...(rest === 0 ? [] : [`and ${rest} more`])];
}
