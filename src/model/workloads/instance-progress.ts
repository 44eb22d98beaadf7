import type { InstanceReport, WantedMaterial, Workload } from '#model/resources';
import { hasReached, materialIn } from './reached.ts';

/** An instance that gives no sign of life for so long is lost: agents give one every 30 s. */
export const lostMilliseconds = 90_000;
/** One that joined by itself, and then gave none for a day, is gone. */
const goneMilliseconds = 24 * 3600_000;

/** How far one instance is with what it shall have. */
export interface InstanceProgress {
  readonly name: string;
  readonly isLoaded: boolean;
  readonly isProven: boolean;
  /** No sign of life; undefined `since`: there never was one. */
  readonly lost: { readonly since: string | undefined } | undefined;
  /** Of the first material that it has not shown: what the instance says about it. */
  readonly behind: { readonly material: string; readonly message: string | undefined } | undefined;
}

/** What instances of one Workload have reported, by name. */
export type Reports = ReadonlyMap<string, InstanceReport>;

/** Of every instance that serves: those declared, and those that joined. */
export function instanceProgress(
  { spec }: Workload,
  reports: Reports,
  wanted: readonly WantedMaterial[],
  now: Date,
): InstanceProgress[] {
  const quarantined = new Set((spec.instances ?? []).filter((one) => one.quarantined === true).map(({ name }) => name));
  const names = new Set([...(spec.instances ?? []).map(({ name }) => name), ...reports.keys()]);
  return [...names]
    .filter((name) => !quarantined.has(name))
    .map((name): InstanceProgress => progressOf(name, reports.get(name), wanted, now));
}

function progressOf(
  name: string,
  report: InstanceReport | undefined,
  wanted: readonly WantedMaterial[],
  now: Date,
): InstanceProgress {
  const has = (one: WantedMaterial, level: 'loaded' | 'proven'): boolean => hasReached(report, one, level);
  const behind = wanted.find((one) => !has(one, 'proven'));
  const lost = isSilent(report, now, lostMilliseconds) ? { since: report?.lastSeenTime } : undefined;
  return {
    name,
    isLoaded: wanted.every((one) => has(one, 'loaded')),
    // Who gives no sign of life proves nothing; what it loaded it may still have.
    isProven: behind === undefined && lost === undefined,
    lost,
    behind: behind && { material: behind.name, message: materialIn(report, behind)?.message },
  };
}

function isSilent(report: InstanceReport | undefined, now: Date, milliseconds: number): boolean {
  return report?.lastSeenTime === undefined || now.getTime() - Date.parse(report.lastSeenTime) >= milliseconds;
}

/** Whether an instance that nobody declared is gone: nothing was heard of it for long. */
export function isGone({ spec }: Workload, report: InstanceReport, now: Date): boolean {
  if (spec.instances?.some(({ name }) => name === report.name) === true) return false;
  return report.lastSeenTime !== undefined && isSilent(report, now, goneMilliseconds);
}

/** When the next instance will be lost, or gone, if it goes on giving no sign of life. */
export function nextSilence(reports: Reports, now: Date): Date | undefined {
  const ends = [...reports.values()]
    .map(({ lastSeenTime }) => Date.parse(lastSeenTime ?? ''))
    .flatMap((seen) => [seen + lostMilliseconds, seen + goneMilliseconds])
    .filter((end) => end > now.getTime());
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}
