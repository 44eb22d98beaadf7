const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `seconds` in its two largest units, whole: `59d`, `3h20m`, `45s`. Days stand alone from ten up. */
export function shortDuration(seconds: number): string {
  const total = Math.max(0, Math.floor(Math.abs(seconds)));
  const first = units.findIndex(([, size]) => total >= size);
  if (first < 0) return '0s';
  const [name, size] = units[first]!;
  const whole = Math.floor(total / size);
  const next = units[first + 1];
  const rest = next === undefined || whole >= 10 ? 0 : Math.floor((total % size) / next[1]);
  return rest === 0 ? `${whole}${name}` : `${whole}${name}${rest}${next![0]}`;
}

/** `in 59d` or `3h20m ago`. */
export function relativeTime(instant: Date, now: Date): string {
  const seconds = (instant.getTime() - now.getTime()) / 1000;
  return seconds >= 0 ? `in ${shortDuration(seconds)}` : `${shortDuration(seconds)} ago`;
}
