import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `look` answers something; fails after `seconds` with what was waited for, and with what it says then. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined> | T | undefined,
  explain: () => Promise<string> | string = () => '',
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s. ${await explain()}`);
    await delay(25);
  }
}
