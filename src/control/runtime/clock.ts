/** A pending call; cancelling it twice, or after it ran, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Where loops take the time from, so that tests own it. */
export interface Clock {
  now(): Date;
  /** Calls `run` once, `milliseconds` from now; never sooner. Does not keep the program alive. */
  after(milliseconds: number, run: () => void): Timer;
}

/** setTimeout counts in a signed 32-bit number and fires at once above it. */
const longestTimeoutMilliseconds = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, run) {
    let timeout: NodeJS.Timeout;
    const arm = (left: number): void => {
      const step = Math.min(left, longestTimeoutMilliseconds);
      timeout = setTimeout(() => (left > step ? arm(left - step) : run()), step);
      timeout.unref();
    };
    arm(Math.max(0, milliseconds));
    return { cancel: () => clearTimeout(timeout) };
  },
};
