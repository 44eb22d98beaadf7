import { Cron } from 'croner';

export interface RenewalWindow {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** Seconds the window stays open after each start. */
  readonly seconds: number;
  /** IANA time zone; UTC when left out. */
  readonly timeZone?: string | undefined;
}

/**
 * The earliest instant at or after `from` that lies in one of the windows: `from` itself when a window is open then,
 * else the next start of any. Undefined when no window opens before `end`: cert-manager would take one that opens within
 * its length after the end, and let the certificate expire for it.
 */
export function nextInWindow(windows: readonly RenewalWindow[], from: Date, end: Date): Date | undefined {
  const instants = windows.flatMap((window) => nextIn(window, from, end) ?? []);
  return instants.reduce<Date | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);
}

function nextIn(window: RenewalWindow, from: Date, end: Date): Date | undefined {
  const milliseconds = window.seconds * 1000;
  // Sloppy ranges are standard cron: 5/10 starts at 5 and goes on in tens.
  const options = { paused: true, mode: '5-part', sloppyRanges: true } as const;
  const cron = new Cron(window.cron, { ...options, timezone: window.timeZone ?? 'UTC' });
  const opened = cron.nextRun(new Date(from.getTime() - milliseconds));
  if (opened !== null && opened <= from) return from;
  const next = cron.nextRun(new Date(from.getTime() - 1));
  return next !== null && next < end ? next : undefined;
}
