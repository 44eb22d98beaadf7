const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/**
 * `seconds` as kubectl shows ages: `102s`, `7m3s`, `95m`, `7h5m`, `30h`, `5d3h`, `729d`, `2y35d`, `9y`. The sign is
 * dropped. The rule is that of k8s.io/apimachinery/pkg/util/duration, HumanDuration.
 */
export function humanDuration(seconds: number): string {
  const total = Math.floor(Math.abs(seconds));
  if (total < 2 * minute) return `${total}s`;
  if (total < 10 * minute) return inUnits(total, minute, 'm', 1, 's');
  if (total < 3 * hour) return `${Math.floor(total / minute)}m`;
  if (total < 8 * hour) return inUnits(total, hour, 'h', minute, 'm');
  if (total < 2 * day) return `${Math.floor(total / hour)}h`;
  if (total < 8 * day) return inUnits(total, day, 'd', hour, 'h');
  if (total < 2 * year) return `${Math.floor(total / day)}d`;
  return total < 8 * year ? inUnits(total, year, 'y', day, 'd') : `${Math.floor(total / year)}y`;
}

function inUnits(total: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((total % large) / small);
  return `${Math.floor(total / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}

/** `in 59d` or `7h5m ago`. */
export function relativeTime(instant: Date, now: Date): string {
  const seconds = (instant.getTime() - now.getTime()) / 1000;
  return seconds >= 0 ? `in ${humanDuration(seconds)}` : `${humanDuration(seconds)} ago`;
}
