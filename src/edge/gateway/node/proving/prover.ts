import type { Clock, Timer } from '#control/runtime';
import type { ProofPace } from '../node-options.ts';
import type { DatedProof, Proof } from './proof.ts';

/** Something to prove. `digest` changes when an earlier proof says nothing about it any more. */
export interface Claim {
  readonly digest: string;
  readonly prove: () => Promise<Proof>;
  /** How long a proof holds. */
  readonly againMilliseconds: number;
}

export interface ProverOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly pace: ProofPace;
  readonly onProof: (key: string, proof: DatedProof) => void;
}

const spreadSteps = 64;

interface Entry {
  claim: Claim;
  proof: DatedProof | undefined;
  timer: Timer | undefined;
  failures: number;
}

/**
 * Proves claims: new ones at once, a few at a time; failed ones again, later and later; proven ones again after a while.
 * Of two claims under one key only the newest counts.
 */
export class Prover {
  readonly #options: ProverOptions;
  readonly #entries = new Map<string, Entry>();
  /** What changed goes before what is only looked at again. */
  readonly #fresh = new Set<string>();
  readonly #repeated = new Set<string>();
  readonly #unproven = new Set<string>();
  #running = 0;
  #runningFresh = 0;
  #isStopped = false;

  constructor(options: ProverOptions) {
    this.#options = options;
  }

  /** The newest proof of what is claimed under `key` now. */
  proofOf(key: string): DatedProof | undefined {
    return this.#entries.get(key)?.proof;
  }

  /** Whether something is being proven for the first time, so that more will be known in a moment. */
  get isBusy(): boolean {
    return this.#fresh.size > 0 || this.#runningFresh > 0;
  }

  /** Whether the newest proof of everything that is claimed succeeded. */
  get isAllProven(): boolean {
    return this.#unproven.size === 0;
  }

  /** Claims under `key`; a claim that stands already is left alone. */
  claim(key: string, claim: Claim): void {
    const entry = this.#entries.get(key);
    if (entry?.claim.digest === claim.digest) return;
    entry?.timer?.cancel();
    this.#entries.set(key, { claim, proof: undefined, timer: undefined, failures: 0 });
    this.#unproven.add(key);
    this.#fresh.add(key);
    this.#repeated.delete(key);
    this.#pump();
  }

  withdraw(key: string): void {
    this.#entries.get(key)?.timer?.cancel();
    this.#entries.delete(key);
    this.#unproven.delete(key);
    this.#fresh.delete(key);
    this.#repeated.delete(key);
  }

  stop(): void {
    this.#isStopped = true;
    for (const key of this.#entries.keys()) this.withdraw(key);
  }

  #pump(): void {
    for (const waiting of [this.#fresh, this.#repeated]) {
      for (const key of waiting) {
        if (this.#isStopped || this.#running >= this.#options.pace.dialsAtOnce) return;
        waiting.delete(key);
        const entry = this.#entries.get(key);
        if (entry !== undefined) void this.#run(key, entry);
      }
    }
  }

  async #run(key: string, entry: Entry): Promise<void> {
    const fresh = entry.proof === undefined ? 1 : 0;
    this.#running += 1;
    this.#runningFresh += fresh;
    const proof = await entry.claim.prove().catch(unproven);
    this.#running -= 1;
    this.#runningFresh -= fresh;
    if (this.#entries.get(key) === entry) this.#take(key, entry, proof);
    this.#pump();
  }

  #take(key: string, entry: Entry, proof: Proof): void {
    const at = this.#options.clock.now();
    const isProven = proof.verdict === 'proven';
    entry.proof = { ...proof, at, provenAt: isProven ? at : entry.proof?.provenAt };
    entry.failures = isProven ? 0 : entry.failures + 1;
    if (isProven) this.#unproven.delete(key);
    else this.#unproven.add(key);
    entry.timer = this.#options.clock.after(this.#pauseAfter(entry), () => {
      this.#repeated.add(key);
      this.#pump();
    });
    this.#options.onProof(key, entry.proof);
  }

  /**
   * Spread by a quarter, so that what was proven together is not proven together again; in steps, because Node keeps a
   * list of timers for each length of time.
   */
  #pauseAfter({ failures, claim }: Entry): number {
    const { retryMilliseconds, longestRetryMilliseconds } = this.#options.pace;
    const retry = Math.min(longestRetryMilliseconds, retryMilliseconds * 2 ** Math.min(failures - 1, 30));
    return (
      (failures === 0 ? claim.againMilliseconds : retry) *
      (1 - Math.floor(this.#options.random() * spreadSteps) / (4 * spreadSteps))
    );
  }
}

function unproven(error: unknown): Proof {
  return { verdict: 'unknown', message: error instanceof Error ? error.message : String(error) };
}
