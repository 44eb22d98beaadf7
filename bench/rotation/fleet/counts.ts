import type { Tally } from './messages.ts';

/** Milliseconds since the epoch, with a fraction; the processes of one machine agree on it. */
export const now = (): number => performance.timeOrigin + performance.now();

/** What a fleet process has counted. */
export class Counts {
  #made = 0;
  readonly #reasons = new Map<string, number>();
  #identityProofs = 0;
  #trustProofs = 0;
  #failedProofs = 0;
  #lastIdentityProof = 0;
  #reports = 0;
  readonly #trust = new Map<string, { delivered: number[]; proven: number[] }>();

  handshake(failure: string | undefined): void {
    this.#made += 1;
    if (failure !== undefined) this.#reasons.set(failure, (this.#reasons.get(failure) ?? 0) + 1);
  }

  proof(kind: 'identity' | 'trust', isDone: boolean): void {
    if (!isDone) this.#failedProofs += 1;
    else if (kind === 'trust') this.#trustProofs += 1;
    else {
      this.#identityProofs += 1;
      this.#lastIdentityProof = now();
    }
  }

  report(): void {
    this.#reports += 1;
  }

  trust(digest: string, level: 'delivered' | 'proven'): void {
    const times = this.#trust.get(digest) ?? { delivered: [], proven: [] };
    times[level].push(now());
    this.#trust.set(digest, times);
  }

  get tally(): Tally {
    const reasons = Object.fromEntries(this.#reasons);
    return {
      made: this.#made,
      failed: [...this.#reasons.values()].reduce((sum, count) => sum + count, 0),
      reasons,
      identityProofs: this.#identityProofs,
      trustProofs: this.#trustProofs,
      failedProofs: this.#failedProofs,
      lastIdentityProof: this.#lastIdentityProof,
      reports: this.#reports,
      trust: Object.fromEntries(this.#trust),
    };
  }
}
