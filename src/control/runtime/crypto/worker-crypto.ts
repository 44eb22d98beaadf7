import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CryptoPool, PoolResults, PoolTask } from './crypto-pool.ts';
import type { AnswersMessage, TasksMessage } from './worker-messages.ts';

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

interface Hand {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly batch: TasksMessage['tasks'][number][];
}

export interface WorkerCryptoOptions {
  /** Default: one less than there are cores, at least one. */
  readonly workers?: number;
  /** RSA-2048 keys kept ready. Default 8. */
  readonly readyKeys?: number;
  readonly onFailure?: (error: Error) => void;
}

const batchSize = 16;

/**
 * Does the tasks on worker threads, sent in batches of what one turn of the event loop brings together. A worker that
 * dies fails its tasks and is replaced.
 */
export class WorkerCrypto implements CryptoPool {
  readonly #hands: Hand[];
  readonly #options: WorkerCryptoOptions;
  #nextId = 0;
  #scheduled = false;
  #closed = false;

  constructor(options: WorkerCryptoOptions = {}) {
    this.#options = options;
    const count = options.workers ?? Math.max(1, availableParallelism() - 1);
    this.#hands = Array.from({ length: count }, (_, index) => this.#start(index));
  }

  run<K extends keyof PoolResults>(task: Extract<PoolTask, { task: K }>): Promise<PoolResults[K]> {
    if (this.#closed) return Promise.reject(new Error('the crypto pool is closed'));
    return new Promise<PoolResults[K]>((resolve, reject) => {
      const hand = this.#handFor(task);
      const id = (this.#nextId += 1);
      if (hand.waiting.size === 0) hand.worker.ref();
      hand.waiting.set(id, { resolve, reject });
      hand.batch.push({ id, task });
      if (hand.batch.length >= batchSize) this.#send(hand);
      else this.#schedule();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }

  #start(index: number): Hand {
    const readyKeys = index === 0 ? (this.#options.readyKeys ?? 8) : 0;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { readyKeys } });
    const hand: Hand = { worker, waiting: new Map(), batch: [] };
    worker.unref();
    worker.on('message', (message: AnswersMessage) => settle(hand, message));
    worker.on('error', (error: Error) => this.#lost(index, hand, error));
    worker.on('exit', (code) => this.#lost(index, hand, new Error(`crypto worker ended with code ${code}`)));
    return hand;
  }

  /** The stock of RSA keys is the first worker's; anything else goes to whoever has least to do. */
  #handFor(task: PoolTask): Hand {
    if (needsRSAKey(task)) return this.#hands[0]!;
    return this.#hands.reduce((least, hand) => (hand.waiting.size < least.waiting.size ? hand : least));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const hand of this.#hands) this.#send(hand);
    });
  }

  #send(hand: Hand): void {
    const tasks = hand.batch.splice(0);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    if (tasks.length > 0) hand.worker.postMessage({ tasks } satisfies TasksMessage);
  }

  #lost(index: number, hand: Hand, error: Error): void {
    const failed = [...hand.waiting.values()];
    hand.waiting.clear();
    hand.batch.length = 0;
    for (const { reject } of failed) reject(error);
    if (this.#closed || this.#hands[index] !== hand) return;
    this.#options.onFailure?.(error);
    this.#hands[index] = this.#start(index);
  }
}

/** A worker with work keeps the program alive, an idle one does not. */
function settle({ worker, waiting }: Hand, { answers }: AnswersMessage): void {
  for (const answer of answers) {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) waiter?.reject(new Error(answer.error));
    else waiter?.resolve(answer.result as never);
  }
  if (waiting.size === 0) worker.unref();
}

function needsRSAKey(task: PoolTask): boolean {
  if (task.task === 'make-key') return task.key.algorithm === 'RSA';
  return task.task === 'issue' && (task.spec.privateKey?.algorithm ?? 'RSA') === 'RSA';
}
