import type { Certificate as X509 } from '#pki/x509';
import type { Anchor } from '#model/resources';
import type { BundleSnapshot } from './next-bundle.ts';
import { withdrawerOf } from './withdrawal.ts';

/** A certificate that somebody gives at the moment, and who. */
export interface Given {
  readonly certificate: X509;
  readonly from: string;
}

/** By fingerprint: what the sources give, each once, the first source counting; then what Rotations put beside it. */
export function givenBy(snapshot: BundleSnapshot, held: readonly Anchor[]): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  for (const { from, certificates } of snapshot.sources) {
    for (const certificate of certificates.ok ? certificates.value : []) put(given, { certificate, from });
  }
  const byFingerprint = new Map(held.map((anchor) => [anchor.fingerprint, anchor]));
  for (const { rotation, add } of snapshot.orders ?? []) {
    if (add === undefined) continue;
    const beside = byFingerprint.get(add.beside);
    if (beside === undefined && !given.has(add.beside)) continue;
    const withdrawer = withdrawerOf(snapshot, add.beside, beside);
    // Who forgot the old CA wants none in its place; who named it, and is late, gets the new one all the same.
    if (withdrawer === undefined || withdrawer === rotation)
      put(given, { certificate: add.certificate, from: rotation });
  }
  return given;
}

function put(given: Map<string, Given>, one: Given): void {
  if (!given.has(one.certificate.fingerprint)) given.set(one.certificate.fingerprint, one);
}
