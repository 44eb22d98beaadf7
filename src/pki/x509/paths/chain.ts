import { CodedError } from '#errors';
import type { Certificate } from '../certificates/certificate.ts';
import { isIssuedBy, isSelfSigned } from './issued-by.ts';

/** What goes into a Secret of one chain. */
export interface CertificateChain {
  /** End-entity first, each issued by the next; a self-signed root is left out unless it is alone. */
  readonly chain: readonly Certificate[];
  /** The root when it is known, else the topmost intermediate; undefined for one certificate that is not self-signed. */
  readonly ca: Certificate | undefined;
}

const maxCertificates = 64;

/**
 * Orders certificates that form exactly one chain, in cert-manager's sense: duplicates are dropped, and everything must
 * link up by name and signature. Fails with chain-malformed ("certificate chain is malformed or broken") when
 * something is left over or branches off, and above 64 certificates.
 */
export function parseCertificateChain(certificates: readonly Certificate[]): CertificateChain {
  const unique = withoutDuplicates(certificates);
  const { chain, leftover } = orderChain(unique);
  if (chain.length === 0 || leftover.length > 0) throw brokenChain();
  const rootAt = chain.findIndex(isSelfSigned);
  if (rootAt !== -1) return { chain: chain.slice(0, Math.max(rootAt, 1)), ca: chain[rootAt] };
  return { chain, ca: chain.length > 1 ? chain.at(-1) : undefined };
}

/**
 * The longest walk from issued to issuer that starts at a certificate which issued none of the others, the first such in
 * the given order; and what is not on it, in the given order. Never fails, except above 64 certificates.
 */
export function orderChain(certificates: readonly Certificate[]): { chain: Certificate[]; leftover: Certificate[] } {
  if (certificates.length > maxCertificates) throw brokenChain();
  const unique = withoutDuplicates(certificates);
  const starts = unique.filter(
    (candidate) => !unique.some((other) => other !== candidate && isIssuedBy(other, candidate)),
  );
  // Cross-signed pairs issue each other's key and leave no certificate without a subordinate.
  const walks = (starts.length > 0 ? starts : unique.slice(0, 1)).map((start) => walkUp(start, unique));
  const chain = walks.reduce((best, walk) => (walk.length > best.length ? walk : best), walks[0] ?? []);
  return { chain, leftover: unique.filter((certificate) => !chain.includes(certificate)) };
}

export function withoutDuplicates(certificates: readonly Certificate[]): Certificate[] {
  const seen = new Map(certificates.toReversed().map((certificate) => [certificate.fingerprint, certificate]));
  return certificates.filter((certificate) => seen.get(certificate.fingerprint) === certificate);
}

function walkUp(start: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const walk = [start];
  for (let last = start; ;) {
    const issuer = certificates.find((candidate) => !walk.includes(candidate) && isIssuedBy(last, candidate));
    if (issuer === undefined) return walk;
    walk.push(issuer);
    last = issuer;
  }
}

function brokenChain(): CodedError {
  return new CodedError('chain-malformed', 'certificate chain is malformed or broken', {
    hint: 'Give one end-entity certificate with the certificates of its issuers, and nothing else.',
  });
}
