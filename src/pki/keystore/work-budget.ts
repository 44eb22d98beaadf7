import { maximumIterations, maximumIterationsPerFile, malformed, unsupported } from './limits.ts';

/**
 * What one file may still ask of the processor. A few hundred bytes can name years of key derivation, so every
 * derivation is charged here before it runs.
 */
export class WorkBudget {
  readonly #limit: number;
  #left: number;

  /** `limit` where less than `maximumIterationsPerFile` is bearable. */
  constructor(limit: number = maximumIterationsPerFile) {
    this.#limit = limit;
    this.#left = limit;
  }

  /** Charges `derivations` of `iterations` each; error `keystore-unsupported` when it, or the file as a whole, asks for too much. */
  spend(iterations: number, derivations: number, field: string): void {
    if (!Number.isSafeInteger(iterations) || iterations < 1) {
      throw malformed(`The iteration count ${iterations} is not a positive number.`, field);
    }
    if (iterations > maximumIterations) {
      throw unsupported(`${iterations} iterations are asked for; at most ${maximumIterations} are done.`, field);
    }
    this.#left -= iterations * derivations;
    if (this.#left < 0) {
      throw unsupported(`The keystore asks for more than ${this.#limit} iterations in all.`, field);
    }
  }
}
