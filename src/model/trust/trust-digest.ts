import { hash } from 'node:crypto';

/** SHA-256 over a set of certificates by their fingerprints; their order and repetition do not count. */
export const trustDigest = (fingerprints: Iterable<string>): string =>
  hash('sha256', [...new Set(fingerprints)].sort().join('\n'));
