import { parseGoDuration } from '#model/resources';
import type { SigningOrder } from '../tasks.ts';

const defaultDurationSeconds = 90 * 24 * 3600;

/** What a Certificate and its request both say to the issuer. */
export function orderFields(
  { duration, isCA = false, usages = [] }: { duration?: string; isCA?: boolean; usages?: readonly string[] },
  now: Date,
): Omit<SigningOrder, 'requestPEM'> {
  const durationSeconds = duration === undefined ? defaultDurationSeconds : parseGoDuration(duration) / 1000;
  return { durationSeconds, isCA, usages, now };
}
