import { needsLevelZero } from './cipher-suites.ts';
import type { Offer } from './offer.ts';
import { deprecatedProtocols } from './protocols.ts';
import { isWeakScheme } from './signature-schemes.ts';

/**
 * OpenSSL's security level for an offer: the highest that still allows everything in it. Level 2 wants RSA keys of 2048
 * bits and curves of 224, level 1 of 1024 and 160; versions before 1.2 hash with SHA-1, which only level 0 allows.
 * Levels above 2 are never used: they switch off session tickets and suites that the profile names.
 */
export function securityLevel(offer: Offer): 0 | 1 | 2 {
  const { rsaBits, ecBits } = offer.minimumKeyStrength;
  if (hashesWithSHA1(offer) || offer.suites.some(needsLevelZero) || rsaBits < 1024 || ecBits < 160) return 0;
  return rsaBits < 2048 || ecBits < 224 ? 1 : 2;
}

function hashesWithSHA1(offer: Offer): boolean {
  const old = offer.protocols.some((protocol) => deprecatedProtocols.includes(protocol));
  return old || offer.signatureSchemes.some(isWeakScheme);
}
