/** `answered`, `distrusted` (the gateway's word for it), or anything else, which is never expected, in words. */
export type Outcome = string;

export const answered = 'answered';
export const distrusted = 'distrusted';

export interface LedgerReport {
  /** By outcome: begun when the last change was in force, ended before the next was sent. */
  readonly sure: Readonly<Record<string, number>>;
  readonly overlapping: Readonly<Record<string, number>>;
  readonly failedThatShouldHaveWorked: number;
  readonly workedThatShouldHaveFailed: number;
  readonly otherwiseWrong: number;
}

/** Of many problems the first tell enough. */
const mostProblems = 40;

/** Counts what came of everything that was tried, and keeps what should not have come of it. */
export class Ledger {
  readonly problems: string[] = [];
  readonly #sure: Record<string, number> = {};
  readonly #overlapping: Record<string, number> = {};
  readonly #started = performance.now();
  #failed = 0;
  #worked = 0;
  #otherwise = 0;

  /** `possible`: all that would have been right. */
  note(subject: string, outcome: Outcome, possible: ReadonlySet<Outcome>): void {
    const counts = possible.size === 1 ? this.#sure : this.#overlapping;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (possible.has(outcome)) return;
    if (possible.size > 1) this.#otherwise += 1;
    else if (outcome === answered) this.#worked += 1;
    else if (possible.has(answered)) this.#failed += 1;
    else this.#otherwise += 1;
    this.problem(`${subject}: ${outcome}, and right would have been ${[...possible].join(' or ')}`);
  }

  problem(text: string): void {
    if (this.problems.length >= mostProblems) return;
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    this.problems.push(`after ${seconds} s, ${text}`);
  }

  report(): LedgerReport {
    return {
      sure: this.#sure,
      overlapping: this.#overlapping,
      failedThatShouldHaveWorked: this.#failed,
      workedThatShouldHaveFailed: this.#worked,
      otherwiseWrong: this.#otherwise,
    };
  }
}
