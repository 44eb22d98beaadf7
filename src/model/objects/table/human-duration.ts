const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/**
 * A length of time as kubectl prints ages: two units at most, fewer as it grows (apimachinery's duration.HumanDuration):
 * `119s`, `5m3s`, `3h4m`, `3d4h`, `2y10d`. `<invalid>` below -1 s.
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minute) return `${seconds}s`;
  return seconds < 8 * hour ? minutesAndHours(seconds) : daysAndYears(seconds);
}

function minutesAndHours(seconds: number): string {
  const minutes = Math.trunc(seconds / minute);
  if (minutes < 10) return two(minutes, 'm', seconds % minute, 's');
  if (minutes < 180) return `${minutes}m`;
  return two(Math.trunc(minutes / 60), 'h', minutes % 60, 'm');
}

function daysAndYears(seconds: number): string {
  const hours = Math.trunc(seconds / hour);
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return two(Math.trunc(hours / 24), 'd', hours % 24, 'h');
  const days = Math.trunc(seconds / day);
  if (seconds < 2 * year) return `${days}d`;
  return seconds < 8 * year ? two(Math.trunc(days / 365), 'y', days % 365, 'd') : `${Math.trunc(days / 365)}y`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** How long ago `since` was; `<unknown>` for no time. */
export function humanAge(since: Date | undefined, now: Date): string {
  return since === undefined ? '<unknown>' : humanDuration(now.getTime() - since.getTime());
}
