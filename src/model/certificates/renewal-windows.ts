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
 * else the next start of any. Undefined when no window opens before `end` plus its own length.
 */
export function nextInWindow(windows: readonly RenewalWindow[], from: Date, end: Date): Date | undefined {
  const instants = windows.flatMap((window) => nextIn(window, from, end) ?? []);
  return instants.reduce<Date | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);
}

function nextIn(window: RenewalWindow, from: Date, end: Date): Date | undefined {
  const milliseconds = window.seconds * 1000;
  const cron = new Cron(window.cron, { timezone: window.timeZone ?? 'UTC', paused: true, mode: '5-part' });
  const opened = cron.nextRun(new Date(from.getTime() - milliseconds));
  if (opened !== null && opened <= from) return from;
  const next = cron.nextRun(new Date(from.getTime() - 1));
  return next !== null && next.getTime() < end.getTime() + milliseconds ? next : undefined;
}
