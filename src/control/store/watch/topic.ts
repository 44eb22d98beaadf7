import type { ChangeEvent } from './change-event.ts';

/** Someone who waits for an event of a topic. */
export interface Waiter {
  /** Keys of interest; others do not wake. */
  readonly prefix: string;
  /** Only the one key is of interest. */
  readonly isExact?: boolean;
  /** `seen`: up to this revision nothing of interest has happened since it began to wait; undefined: nobody knows. */
  wake(seen: number | undefined): void;
}

/** The latest events of one kind, in order, for any number of readers who each keep their own place. */
export class Topic {
  readonly prefix: string;
  readonly #waiters = new Set<Waiter>();
  /** Very many may wait, each for an object of its own. */
  readonly #waitersOf = new Map<string, Set<Waiter>>();
  #events: ChangeEvent[] = [];
  #first = 0;
  #floor: number;

  /** `floor`: what happened at or below it is not held here. */
  constructor(prefix: string, floor: number) {
    this.prefix = prefix;
    this.#floor = floor;
  }

  /** Every event above this revision, up to the hub's, is here. */
  get floor(): number {
    return this.#floor;
  }

  publish(event: ChangeEvent): void {
    this.#events.push(event);
    for (const waiter of this.#waitersOf.get(event.key) ?? []) this.#wake(waiter, event.rev - 1);
    for (const waiter of this.#waiters) {
      if (event.key.startsWith(waiter.prefix)) this.#wake(waiter, event.rev - 1);
    }
  }

  /** Forgets the oldest event and answers its size. */
  dropOldest(): number {
    const oldest = this.#events[this.#first]!;
    this.#floor = oldest.rev;
    this.#first += 1;
    if (this.#first > 1024 && this.#first * 2 > this.#events.length) this.#compact();
    return oldest.size;
  }

  /** Forgets everything up to `rev`, after a break in the stream of events. Answers the bytes that became free. */
  restart(rev: number): number {
    const freed = this.#events.slice(this.#first).reduce((sum, event) => sum + event.size, 0);
    this.#events = [];
    this.#first = 0;
    this.#floor = rev;
    this.wakeAll(undefined);
    return freed;
  }

  /** The first event after revision `rev`, which is at or above the floor. */
  next(rev: number): ChangeEvent | undefined {
    let low = this.#first;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.rev > rev) high = middle;
      else low = middle + 1;
    }
    return this.#events[low];
  }

  wait(waiter: Waiter): void {
    if (waiter.isExact !== true) {
      this.#waiters.add(waiter);
      return;
    }
    const others = this.#waitersOf.get(waiter.prefix);
    if (others === undefined) this.#waitersOf.set(waiter.prefix, new Set([waiter]));
    else others.add(waiter);
  }

  stopWaiting(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    const others = this.#waitersOf.get(waiter.prefix);
    if (others?.delete(waiter) === true && others.size === 0) this.#waitersOf.delete(waiter.prefix);
  }

  wakeAll(seen: number | undefined): void {
    for (const waiters of [this.#waiters, ...this.#waitersOf.values()]) {
      for (const waiter of waiters) this.#wake(waiter, seen);
    }
  }

  #wake(waiter: Waiter, seen: number | undefined): void {
    this.stopWaiting(waiter);
    waiter.wake(seen);
  }

  #compact(): void {
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
