import { stableHash } from './stable-hash.ts';

/**
 * How much before its renewal time a certificate renews, in seconds. Certificates issued together would all renew
 * together; so each takes its own, unchanging place, derived from its uid, in a window of a hundredth of its lifetime
 * and at most `spreadSeconds`. Never later than the renewal time.
 */
export function renewalLeadSeconds(uid: string, lifetimeSeconds: number, spreadSeconds: number): number {
  const window = Math.floor(Math.min(lifetimeSeconds / 100, spreadSeconds));
  return window <= 0 ? 0 : Math.floor((stableHash(uid) / 2 ** 32) * window);
}
