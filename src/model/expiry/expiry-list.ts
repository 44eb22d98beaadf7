import { expiryStates } from './expiry-state.ts';
import type { ExpiryState } from './expiry-state.ts';
import type { WatchedCertificate } from './watched-certificate.ts';

/** A certificate with how urgent it was when the list was made. */
export interface ExpiringCertificate extends WatchedCertificate {
  readonly state: ExpiryState;
  readonly daysLeft: number;
  readonly fractionLeft?: number;
}

/** Certificates of all places, the most urgent first. */
export interface ExpiryList {
  /** When it was made, RFC 3339. */
  readonly at: string;
  readonly items: readonly ExpiringCertificate[];
  /** False when there were more than were asked for. */
  readonly complete: boolean;
}

/** The worse state first, then who ends first. */
export function byUrgency(a: ExpiringCertificate, b: ExpiringCertificate): number {
  return expiryStates.indexOf(b.state) - expiryStates.indexOf(a.state) || a.daysLeft - b.daysLeft;
}
