import type { Clock, Timer } from './clock.ts';
import { DueHeap } from './due-heap.ts';

/** Keys that come back at an instant, each once, at the earliest instant asked for it. One timer for all of them. */
export class DelayedKeys {
  readonly #clock: Clock;
  readonly #release: (key: string) => void;
  readonly #heap = new DueHeap();
  readonly #due = new Map<string, number>();
  #timer: { at: number; timer: Timer } | undefined;

  constructor(clock: Clock, release: (key: string) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  get size(): number {
    return this.#due.size;
  }

  add(key: string, at: number): void {
    const known = this.#due.get(key);
    if (known !== undefined && known <= at) return;
    this.#due.set(key, at);
    this.#heap.push(key, at);
    this.#arm();
  }

  /** Forgets the key; its place in the heap is skipped when it comes up. */
  remove(key: string): void {
    this.#due.delete(key);
  }

  clear(): void {
    this.#due.clear();
    this.#timer?.timer.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const next = this.#heap.next();
    if (next === undefined || (this.#timer !== undefined && this.#timer.at <= next)) return;
    this.#timer?.timer.cancel();
    const milliseconds = next - this.#clock.now().getTime();
    this.#timer = { at: next, timer: this.#clock.after(milliseconds, () => this.#releaseDue()) };
  }

  #releaseDue(): void {
    this.#timer = undefined;
    const now = this.#clock.now().getTime();
    for (let item = this.#heap.pop(now); item !== undefined; item = this.#heap.pop(now)) {
      if (this.#due.get(item.key) !== item.at) continue;
      this.#due.delete(item.key);
      this.#release(item.key);
    }
    this.#arm();
  }
}
