import { availableParallelism } from 'node:os';
import { generateKey, generateKeyAsync } from '#pki/x509';
import type { KeySpec, PrivateKey } from '#pki/x509';

/** How many keys to keep ready, and for which kind: cert-manager's default, which takes 35 ms to make. */
const stocked: KeySpec = { algorithm: 'RSA', size: 2048 };

/**
 * Private keys. RSA keys are made on the thread pool, one more at a time than there are cores while somebody waits, so
 * that no core waits until this thread has noticed that a key is done; one at a time to fill up the stock. Other keys are
 * made at once.
 */
export class KeyStock {
  readonly #target: number;
  readonly #ready: PrivateKey[] = [];
  readonly #waiting: { resolve: (key: PrivateKey) => void; reject: (error: unknown) => void }[] = [];
  #making = 0;
  #closed = false;

  constructor(target: number) {
    this.#target = target;
  }

  get ready(): number {
    return this.#ready.length;
  }

  take(spec: KeySpec): PrivateKey | Promise<PrivateKey> {
    if (spec.algorithm !== 'RSA') return generateKey(spec);
    if (spec.size !== stocked.size) return generateKeyAsync(spec);
    const key = this.#ready.shift();
    if (key !== undefined) {
      this.fill();
      return key;
    }
    return new Promise<PrivateKey>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.fill();
    });
  }

  /** Starts making what is missing. */
  fill(): void {
    while (!this.#closed && this.#making < this.#allowed()) {
      this.#making += 1;
      void generateKeyAsync(stocked).then(
        (key) => this.#made(key),
        (error: unknown) => this.#failed(error),
      );
    }
  }

  close(): void {
    this.#closed = true;
  }

  #allowed(): number {
    if (this.#waiting.length > 0) return Math.min(availableParallelism() + 1, this.#waiting.length + 1);
    return this.#ready.length < this.#target ? 1 : 0;
  }

  #made(key: PrivateKey): void {
    this.#making -= 1;
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#ready.push(key);
    else waiter.resolve(key);
    this.fill();
  }

  #failed(error: unknown): void {
    this.#making -= 1;
    this.#waiting.shift()?.reject(error);
    this.fill();
  }
}
