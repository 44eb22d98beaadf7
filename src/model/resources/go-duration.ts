import { CodedError } from '#errors';
import { BoundedMemo } from './bounded-memo.ts';

const nanosecondsOf: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const longest = 2n ** 63n - 1n;

const part = /^(\d*)(?:\.(\d*))?([^\d.]*)/u;

function refuse(problem: string): CodedError {
  return new CodedError('bad-request', problem, { hint: 'Write hours, minutes and seconds, such as 2160h or 1h30m.' });
}

/**
 * Nanoseconds of a duration as Go's time.ParseDuration reads it: `2160h`, `1h30m`, `-1.5h`. Fails with bad-request in
 * Go's words; there is no unit for days.
 */
function parseNanoseconds(input: string): bigint {
  const quoted = JSON.stringify(input);
  const negative = input.startsWith('-');
  let rest = /^[+-]/.test(input) ? input.slice(1) : input;
  if (rest === '0') return 0n;
  if (rest === '' || input.length > 64) throw refuse(`time: invalid duration ${quoted}`);
  let total = 0n;
  while (rest !== '') {
    const [matched, whole = '', fraction = '', unit = ''] = part.exec(rest) as RegExpExecArray;
    if (whole === '' && fraction === '') throw refuse(`time: invalid duration ${quoted}`);
    if (unit === '') throw refuse(`time: missing unit in duration ${quoted}`);
    const scale = Object.hasOwn(nanosecondsOf, unit) ? nanosecondsOf[unit] : undefined;
    if (scale === undefined) throw refuse(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += BigInt(whole || 0) * BigInt(scale) + fractionOf(fraction, scale);
    if (total > longest) throw refuse(`time: invalid duration ${quoted}`);
    rest = rest.slice(matched.length);
  }
  return negative ? -total : total;
}

function fractionOf(digits: string, scale: number): bigint {
  return digits === '' ? 0n : (BigInt(digits) * BigInt(scale)) / 10n ** BigInt(digits.length);
}

/** Specs repeat a few durations, and every decision reads them. */
const known = new BoundedMemo<number>(256);

/**
 * Milliseconds of a duration as Go's time.ParseDuration reads it (`2160h`, `1h30m`); finer parts are kept as fractions.
 * Fails with bad-request, worded as Go does; there is no unit for days.
 */
export function parseGoDuration(input: string): number {
  return known.get(input, () => milliseconds(parseNanoseconds(input)));
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
}

/** Go's canonical text of a duration in milliseconds: `2160h0m0s`, `1m30s`, `1.5s`, `300ms`, `0s`. */
export function formatGoDuration(milliseconds: number): string {
  const length = Math.abs(milliseconds);
  const seconds = Math.floor(length / 1e3);
  const nanoseconds = Math.round((length - seconds * 1e3) * 1e6);
  if (nanoseconds === 1e9) return formatGoDuration(Math.sign(milliseconds) * (seconds + 1) * 1e3);
  const text = seconds === 0 ? subsecondText(nanoseconds) : wholeText(seconds, nanoseconds);
  return milliseconds < 0 && text !== '0s' ? `-${text}` : text;
}

function subsecondText(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  return nanoseconds < 1e6 ? `${nanoseconds / 1e3}µs` : `${nanoseconds / 1e6}ms`;
}

function wholeText(seconds: number, nanoseconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const last = `${seconds % 60}${fractionText(nanoseconds)}s`;
  if (hours > 0) return `${hours}h${minutes}m${last}`;
  return minutes > 0 ? `${minutes}m${last}` : last;
}

function fractionText(nanoseconds: number): string {
  return nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
}

/** Whether two durations last equally long, however written; an invalid one equals only itself. */
export function sameGoDuration(a: string | undefined, b: string | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  try {
    return parseNanoseconds(a) === parseNanoseconds(b);
  } catch {
    return false;
  }
}
