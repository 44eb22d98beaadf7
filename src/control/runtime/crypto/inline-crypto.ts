import { generateKey } from '#pki/x509';
import type { CryptoPool, PoolResults, PoolTask } from './crypto-pool.ts';
import { Authorities, runTask } from './tasks.ts';
import type { TaskTools } from './tasks.ts';

/** Does the tasks on the calling thread: for tests and one-off commands. */
export class InlineCrypto implements CryptoPool {
  readonly #tools: TaskTools = { makeKey: generateKey, authorities: new Authorities() };

  async run<K extends keyof PoolResults>(task: Extract<PoolTask, { task: K }>): Promise<PoolResults[K]> {
    return (await runTask(task, this.#tools)) as PoolResults[K];
  }

  async close(): Promise<void> {}
}
