import { secretCertificateNameMismatch, secretIssuerAnnotationsMismatch } from './annotations.ts';
import { hasExpired, nearingExpiry } from './dates.ts';
import { secretPublicKeysDiffer } from './key-pair.ts';
import type { Policy } from './policy.ts';
import { keyDiffersFromCurrentRequest, privateKeyMismatchesSpec } from './private-key.ts';
import { secretDoesNotExist, secretIsMissingParts } from './secret-presence.ts';
import { currentRequestMismatchesSpec } from './spec-changes.ts';

/** What makes a certificate wrong. The order decides which reason is told, and later checks rely on earlier ones. */
const faults: readonly Policy[] = [
  secretDoesNotExist,
  secretIsMissingParts,
  secretPublicKeysDiffer,
  secretIssuerAnnotationsMismatch,
  secretCertificateNameMismatch,
  privateKeyMismatchesSpec,
  keyDiffersFromCurrentRequest,
  currentRequestMismatchesSpec,
];

/** Any violation starts an issuance. */
export const triggerChain: readonly Policy[] = [...faults, nearingExpiry];

/** Any violation makes the Certificate not Ready. Being due for renewal does not. */
export const readinessChain: readonly Policy[] = [...faults, hasExpired];

/** Any violation means that the Secret holds no usable key and certificate. */
export const usabilityChain: readonly Policy[] = [secretDoesNotExist, secretIsMissingParts, secretPublicKeysDiffer];
