import { isDeepStrictEqual } from 'node:util';
import type { CryptoTask, TaskName, TaskResults } from '#model/certificates';
import type { CryptoPool, IssueResult, IssueTask } from '#control/runtime';

/**
 * The crypto pool of one run, with foresight: when a key is asked for and it is known what will be asked next, request
 * and certificate are made in the same go, and given out when their turn comes, if they are still what is asked for.
 */
export class Foresight {
  readonly #crypto: CryptoPool;
  #made: { readonly task: IssueTask; readonly result: IssueResult } | undefined;

  constructor(crypto: CryptoPool) {
    this.#crypto = crypto;
  }

  /** The key for `issue.spec`, and with it, for later, all that follows. */
  async makeAhead(issue: IssueTask): Promise<TaskResults['make-key']> {
    const result = await this.#crypto.run(issue);
    this.#made = { task: issue, result };
    return result.key;
  }

  async run<K extends TaskName>(task: Extract<CryptoTask, { task: K }>): Promise<TaskResults[K]> {
    const ready = this.#recall(task) as TaskResults[K] | undefined;
    return ready ?? (await this.#crypto.run(task));
  }

  #recall(task: CryptoTask): TaskResults[TaskName] | undefined {
    if (this.#made === undefined) return undefined;
    const { task: made, result } = this.#made;
    if (task.task === 'make-request') {
      const isSame = task.privateKeyPEM === result.key.pems.PKCS8 && task.spec === made.spec;
      return isSame ? result.request : undefined;
    }
    if (task.task !== 'sign' && task.task !== 'self-sign') return undefined;
    if ('failed' in result.request || task.requestPEM !== result.request.requestPEM) return undefined;
    return isSameOrder(task, made.signing) ? result.signed : undefined;
  }
}

type Order = Extract<CryptoTask, { task: 'sign' | 'self-sign' }>;

function isSameOrder(asked: Order, made: IssueTask['signing']): boolean {
  const { requestPEM: _request, ...order } = asked;
  if (order.task === 'sign') return isDeepStrictEqual(order, made);
  const { privateKeyPEM: _key, ...rest } = order;
  return isDeepStrictEqual(rest, made);
}
