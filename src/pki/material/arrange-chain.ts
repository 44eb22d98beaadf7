import type { Certificate } from '#pki/x509';
import { buildChain } from './build-chain.ts';
import { distinct } from './distinct.ts';
import { entryPlace } from './found.ts';
import { IssuerFinder } from './issuer-finder.ts';
import type { ChainMaterial } from './material.ts';

/** A chain out of certificates without keys. */
export interface ArrangedChain extends ChainMaterial {
  /** What is in no chain with the first, in the given order. */
  readonly leftover: readonly Certificate[];
}

/**
 * The chain that starts at the first certificate which issued none of the others; undefined of no certificates. Errors:
 * `chain-malformed` for certificates that only issue each other in a circle, `material-too-large` for more than ten
 * intermediates.
 */
export function arrangeChain(certificates: readonly Certificate[], now: Date): ArrangedChain | undefined {
  const given = distinct(certificates);
  const finder = new IssuerFinder(given, now);
  const issuers = new Set(given.flatMap((certificate) => finder.issuersOf(certificate)));
  const start = given.find((certificate) => !issuers.has(certificate)) ?? given[0];
  if (start === undefined) return undefined;
  const built = buildChain(start, finder, entryPlace('', certificates.indexOf(start) + 1, 'certificate'));
  const used = new Set([...built.chain, built.root]);
  return { ...built, leftover: given.filter((certificate) => !used.has(certificate)) };
}
