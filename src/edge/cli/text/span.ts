import { UsageError } from '../failure.ts';

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** Seconds of a span as people write it: `30d`, `2w`, `36h`, `1d12h`. Throws a usage error for anything else. */
export function parseSpan(text: string): number {
  if (!/^(\d{1,6}[smhdwy])+$/.test(text)) {
    throw new UsageError(`${JSON.stringify(text)} is not a span of time; write it as 30d, 2w, 36h or 1d12h`);
  }
  return [...text.matchAll(/(\d+)([smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * secondsOf[unit!]!,
    0,
  );
}
