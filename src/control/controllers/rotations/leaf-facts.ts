import { BoundedMemo } from '#model/resources';
import type { Secret } from '#model/resources';
import type { CAFacts } from '#model/rotation';
import { authorityKeyIdOf } from './authority-facts.ts';
import { certificatesIn } from './authority-secrets.ts';

/** What the Secret of a certificate says of who signed it; small, for there may be very many. */
export interface LeafFacts {
  readonly fingerprint: string;
  readonly notAfter: Date;
  /** Who signed it, and who signed those presented with it, from below. */
  readonly signers: readonly Signer[];
  /** Fingerprints of the CAs that lie beside it. */
  readonly authorities: readonly string[];
}

interface Signer {
  readonly subject: string;
  readonly keyId: string | undefined;
}

/** Undefined while there is no certificate in it that can be read. */
export function leafFacts(secret: Secret | undefined): LeafFacts | undefined {
  const chain = certificatesIn(secret?.data?.['tls.crt']);
  const [leaf, ...above] = chain;
  if (leaf === undefined) return undefined;
  const signers = chain.map((one) => ({ subject: one.issuerText, keyId: authorityKeyIdOf(one) }));
  const authorities = [...above.map((one) => one.fingerprint), ...fingerprintsBeside(secret?.data?.['ca.crt'])];
  return { fingerprint: leaf.fingerprint, notAfter: leaf.notAfter, signers, authorities };
}

/** The same CA lies beside very many. */
const beside = new BoundedMemo<readonly string[]>(32);

const fingerprintsBeside = (base64 = ''): readonly string[] =>
  beside.get(base64, () => certificatesIn(base64).map(({ fingerprint }) => fingerprint));

/**
 * Which of the two CAs it comes from, over any number of CAs between: told by name and key identifier, and where both
 * have the same, by what lies beside it. Empty when it is from neither.
 */
export function signedBy({ signers, authorities }: LeafFacts, old: CAFacts, next: CAFacts | undefined): string {
  for (const signer of signers) {
    const isOld = isFrom(signer, old);
    const isNext = next !== undefined && isFrom(signer, next);
    if (isOld && isNext) return authorities.includes(next.fingerprint) ? next.fingerprint : old.fingerprint;
    if (isNext) return next.fingerprint;
    if (isOld) return old.fingerprint;
  }
  return '';
}

/** How many CAs are between it and the one of the two that it comes from. */
export function betweenIn({ signers }: LeafFacts, old: CAFacts, next: CAFacts | undefined): number {
  const at = signers.findIndex((signer) => isFrom(signer, old) || (next !== undefined && isFrom(signer, next)));
  return Math.max(at, 0);
}

function isFrom({ subject, keyId }: Signer, ca: CAFacts): boolean {
  if (subject !== ca.subject) return false;
  return keyId === undefined || ca.subjectKeyId === undefined || keyId === ca.subjectKeyId;
}
