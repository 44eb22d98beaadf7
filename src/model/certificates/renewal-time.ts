import type { Certificate } from '#model/resources';
import { parseGoDuration } from '#model/resources';
import { nextInWindow } from './renewal-windows.ts';
import type { RenewalWindow } from './renewal-windows.ts';
import { formatTimestamp } from '#model/objects';

/** What a certificate is renewed by: the fields of the spec that say when. */
export type RenewalRules = Pick<Certificate['spec'], 'renewBefore' | 'renewBeforePercentage' | 'renewal'>;

export interface RenewalPlan {
  /** Undefined: never renewed by itself. */
  readonly at?: Date;
  /** Why no renewal window could be kept; the certificate is then renewed outside of them. */
  readonly windowError?: string;
}

/**
 * When an issued certificate is renewed, in whole seconds: `renewBefore` ahead of its end when that is shorter than
 * its lifetime, else the given percentage of its lifetime ahead, else a third of it. Counts with the lifetime of the
 * certificate as issued, not with what was asked for.
 */
export function renewalTime(notBefore: Date, notAfter: Date, rules: RenewalRules): RenewalPlan {
  if (rules.renewal?.policy === 'Disabled') return {};
  const lifetime = notAfter.getTime() - notBefore.getTime();
  const at = wholeSeconds(notAfter.getTime() - renewBeforeMilliseconds(lifetime, rules));
  const windows = rules.renewal?.windows ?? [];
  return windows.length === 0 ? { at } : inWindow(windows, at, notAfter);
}

function renewBeforeMilliseconds(lifetime: number, rules: RenewalRules): number {
  if (rules.renewBefore !== undefined) {
    const renewBefore = parseGoDuration(rules.renewBefore);
    if (renewBefore > 0 && renewBefore < lifetime) return renewBefore;
  }
  const percentage = rules.renewBeforePercentage ?? 0;
  return percentage > 0 && percentage < 100 ? (lifetime * percentage) / 100 : lifetime / 3;
}

function inWindow(
  windows: NonNullable<NonNullable<RenewalRules['renewal']>['windows']>,
  at: Date,
  end: Date,
): RenewalPlan {
  const usable = windows.map(toWindow);
  try {
    const inside = nextInWindow(usable, at, end);
    return inside === undefined ? { at, windowError: noWindow(at, end) } : { at: inside };
  } catch (error) {
    return { at, windowError: error instanceof Error ? error.message : String(error) };
  }
}

function toWindow({
  cron,
  windowDuration,
  timezone,
}: {
  cron: string;
  windowDuration: string;
  timezone?: string;
}): RenewalWindow {
  return { cron, seconds: parseGoDuration(windowDuration) / 1000, timeZone: timezone };
}

function noWindow(at: Date, end: Date): string {
  return `no renewal window opens between ${formatTimestamp(at)} and ${formatTimestamp(end)}`;
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
