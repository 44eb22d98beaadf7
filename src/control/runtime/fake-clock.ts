import type { Clock, Timer } from './clock.ts';

interface FakeTimer extends Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that moves only when a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  #timers: FakeTimer[] = [];

  constructor(start: string | Date = '2026-01-01T00:00:00Z') {
    this.#now = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(milliseconds: number, run: () => void): Timer {
    const timer: FakeTimer = {
      at: this.#now + Math.max(0, milliseconds),
      run,
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
    this.#timers.push(timer);
    return timer;
  }

  /** Moves on by `milliseconds`, running what falls due on the way, in order, each at its own instant. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let timer = this.#nextDue(end); timer !== undefined; timer = this.#nextDue(end)) {
      timer.cancel();
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
    }
    this.#now = end;
  }

  /** Instants of the timers that are pending, ascending. */
  pending(): Date[] {
    return this.#timers.map((timer) => new Date(timer.at)).sort((a, b) => a.getTime() - b.getTime());
  }

  #nextDue(end: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}
