import type { ChainNode } from './inspection.ts';
import { pathOf, signerOf } from './signers.ts';
import type { Signed } from './signers.ts';

/** The certificates as a forest, in the order of the items: roots and those without a signer at hand on top. */
export function drawChains(certificates: readonly Signed[]): ChainNode[] {
  const signedBy = Map.groupBy(certificates, (signed) => (isTop(signed) ? undefined : signerOf(signed)));
  return (signedBy.get(undefined) ?? []).map((top) => node(top, signedBy));
}

/** Two cross-signed certificates may each lead to the other; the first of such a ring is shown on top. */
function isTop(signed: Signed): boolean {
  const path = pathOf(signed);
  const end = signerOf(path.at(-1)!);
  return end === undefined ? path.length === 1 : end === signed && path.every(({ item }) => item >= signed.item);
}

function node(signed: Signed, signedBy: ReadonlyMap<Signed | undefined, readonly Signed[]>): ChainNode {
  const isRoot = signed.isSelfSigned || signed.signers.length > 0;
  const others = signed.isSelfSigned ? signed.signers : signed.signers.slice(1);
  return {
    item: signed.item,
    signed: (signedBy.get(signed) ?? []).map((child) => node(child, signedBy)),
    ...(isRoot ? {} : { missingIssuer: signed.certificate.issuerText }),
    ...(others.length === 0 ? {} : { alsoSignedBy: others.map(({ item }) => item) }),
  };
}
