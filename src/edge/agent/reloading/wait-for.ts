import { setTimeout as delay } from 'node:timers/promises';

/** Looks until `look` answers something, at growing distances; undefined when it did not in time. */
export async function waitFor<T>(look: () => Promise<T | undefined>, milliseconds: number): Promise<T | undefined> {
  const end = performance.now() + milliseconds;
  for (let pause = 10; ; pause = Math.min(pause * 1.5, 250)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const left = end - performance.now();
    if (left <= 0) return undefined;
    await delay(Math.min(pause, left));
  }
}
