import type { X509Certificate } from 'node:crypto';

/** What changed about trust between two plans, and what is still trusted. */
export interface TrustChange {
  readonly removed: readonly X509Certificate[];
  readonly remaining: readonly X509Certificate[];
  /** Whether anything may be trusted that is not in `remaining`: the public CAs, or no verification at all. */
  readonly othersTrusted: boolean;
}

/**
 * Whether an open connection whose peer showed `chain` (end-entity first) may go on. It may when a remaining anchor is in
 * the chain or has signed a certificate of it, and otherwise only when no removed anchor is or has, and others are
 * trusted too. When in doubt it may not.
 */
export function isStillTrusted(chain: readonly X509Certificate[], change: TrustChange): boolean {
  if (change.remaining.some((anchor) => restsOn(chain, anchor))) return true;
  return change.othersTrusted && !change.removed.some((anchor) => restsOn(chain, anchor));
}

function restsOn(chain: readonly X509Certificate[], anchor: X509Certificate): boolean {
  return chain.some(
    (certificate) =>
      certificate.fingerprint256 === anchor.fingerprint256 ||
      (certificate.checkIssued(anchor) && certificate.verify(anchor.publicKey)),
  );
}
