import type { Certificate } from '#pki/x509';

/** Each certificate once, the first of those with the same bytes. */
export function distinct(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.toReversed().map((one) => [one.fingerprint, one])).values()].toReversed();
}
