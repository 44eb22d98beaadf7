import { WorkQueue } from '#control/runtime';
import type { WorkResult } from '#control/runtime';
import { isCoded } from '#errors';
import type { Loop, LoopChange, LoopContext } from './context.ts';

export interface QueueLoopOptions {
  readonly name: string;
  readonly concurrency: number;
  readonly backOff: { readonly firstMilliseconds: number; readonly longestMilliseconds: number };
}

/** A loop with one queue of keys. What a key is, and what is done about it, is the subclass's. */
export abstract class QueueLoop implements Loop {
  readonly name: string;
  protected readonly context: LoopContext;
  protected readonly queue: WorkQueue;

  constructor(context: LoopContext, { name, concurrency, backOff }: QueueLoopOptions) {
    this.name = name;
    this.context = context;
    this.queue = new WorkQueue({
      clock: context.clock,
      concurrency,
      backOff,
      work: (key) => this.work(key),
      onRun: () => context.measure.run(name),
      onFailure: (key, error, attempt) => this.#report(key, error, attempt),
    });
  }

  abstract onChange(change: LoopChange): void;
  protected abstract work(key: string): Promise<WorkResult | void>;

  /** Looks at what may have been left undone when the program last ended. */
  async start(): Promise<void> {}

  room(): Promise<void> {
    return this.queue.room();
  }

  idle(): Promise<void> {
    return this.queue.idle();
  }

  busy(): number {
    return this.queue.waiting + this.queue.active;
  }

  oldestOpenRevision(): number | undefined {
    return this.queue.oldestOpenRevision();
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  /** Losing a race is part of the work: somebody else wrote, and the key is looked at again. */
  #report(key: string, error: unknown, attempt: number): void {
    if (isCoded(error, 'conflict', 'already-exists') && attempt < 5) return;
    this.context.measure.failure(this.name);
    const problem = error instanceof Error ? error.message : String(error);
    this.context.log.warn({ loop: this.name, key, attempt, problem }, 'a key failed and will be tried again');
  }
}

/** `ns/name`. */
export function keyOf({ object }: LoopChange): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** Back from `ns/name`. */
export function placeOf(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
