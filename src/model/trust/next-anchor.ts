import { describeCertificate } from '#pki/material';
import { formatTimestamp } from '#model/objects';
import type { Anchor } from '#model/resources';
import type { Given } from './given.ts';
import type { BundleSnapshot } from './next-bundle.ts';
import { withdrawerOf } from './withdrawal.ts';

interface Surroundings {
  readonly snapshot: BundleSnapshot;
  readonly given: ReadonlyMap<string, Given>;
  /** While a source is silent, nobody can say that it gives something no more. */
  readonly areAllKnown: boolean;
}

/** What becomes of a certificate that the bundle has; undefined when it leaves the list. */
export function keptAnchor({ snapshot, given, areAllKnown }: Surroundings, anchor: Anchor): Anchor | undefined {
  const giver = given.get(anchor.fingerprint);
  const withdrawer = withdrawerOf(snapshot, anchor.fingerprint, anchor);
  const { withdrawnBy: _, ...plain } = anchor;
  const from = giver?.from ?? anchor.from;
  if (withdrawer !== undefined) {
    if (giver === undefined && areAllKnown) return undefined;
    return { ...plain, from, state: 'withdrawn', withdrawnBy: withdrawer };
  }
  if (giver !== undefined) return trustedAgain(anchor, { ...plain, from, state: 'current' }, snapshot.now);
  if (anchor.state === 'withdrawn') return areAllKnown ? undefined : anchor;
  return areAllKnown ? { ...plain, state: 'retained' } : anchor;
}

const trustedAgain = (before: Anchor, next: Anchor, now: Date): Anchor =>
  before.state === 'withdrawn' ? { ...next, addedTime: formatTimestamp(now) } : next;

/** A certificate that the bundle did not have; withdrawn when it is not to be trusted. */
export function newAnchor(snapshot: BundleSnapshot, { certificate, from }: Given): Anchor {
  const { dnsNames, ...facts } = describeCertificate(certificate);
  const withdrawer = withdrawerOf(snapshot, facts.fingerprint, undefined);
  return {
    ...facts,
    ...(dnsNames && { dnsNames: [...dnsNames] }),
    from,
    addedTime: formatTimestamp(snapshot.now),
    ...(withdrawer === undefined ? { state: 'current' } : { state: 'withdrawn', withdrawnBy: withdrawer }),
    certificate: certificate.toPEM(),
  };
}
