import type { KvChange, KvCommit } from './kv.ts';

/** Bounds of one transaction, so that a crowd of writers does not hold up the readers. */
const groupLimit = { changes: 256, bytes: 4 * 2 ** 20 };

interface Caller {
  readonly changes: readonly KvChange[];
  readonly resolve: (answer: KvCommit) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the commits of one turn of the event loop, so that they share one transaction and its flush to the disk:
 * the more callers wait, the less each one costs.
 */
export class CommitQueue {
  readonly #write: (callers: readonly (readonly KvChange[])[]) => readonly KvCommit[];
  #waiting: Caller[] = [];
  #scheduled = false;

  /** `write` commits the changes of all callers durably and answers each, or throws and has kept nothing. */
  constructor(write: (callers: readonly (readonly KvChange[])[]) => readonly KvCommit[]) {
    this.#write = write;
  }

  add(changes: readonly KvChange[]): Promise<KvCommit> {
    const { promise, resolve, reject } = Promise.withResolvers<KvCommit>();
    this.#waiting.push({ changes, resolve, reject });
    this.#schedule();
    return promise;
  }

  /** Writes all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#writeGroup();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#writeGroup();
      this.#schedule();
    });
  }

  #writeGroup(): void {
    const group = this.#waiting.splice(0, groupSize(this.#waiting));
    try {
      const answers = this.#write(group.map(({ changes }) => changes));
      for (const [index, { resolve }] of group.entries()) resolve(answers[index]!);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/** How many of the first callers fit in one transaction; at least one. */
function groupSize(waiting: readonly Caller[]): number {
  let changes = 0;
  let bytes = 0;
  const firstOutside = waiting.findIndex((caller, index) => {
    changes += caller.changes.length;
    for (const { value } of caller.changes) bytes += value?.length ?? 0;
    return index > 0 && (changes > groupLimit.changes || bytes > groupLimit.bytes);
  });
  return firstOutside < 0 ? waiting.length : firstOutside;
}
