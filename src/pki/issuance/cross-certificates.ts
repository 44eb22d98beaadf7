import { isSelfSigned, sameBytes } from '#pki/x509';
import type { Certificate } from '#pki/x509';

/** Certificates of a CA and those above it. */
export interface CrossSplit {
  /** Those that make up one chain. */
  readonly plain: readonly Certificate[];
  /** Those that stand beside a root of the same name and key, and lead to another one. */
  readonly cross: readonly Certificate[];
}

/** Takes apart what a CA beneath a cross-signed root comes with; the first certificate, which signs, is never set aside. */
export function splitCross(certificates: readonly Certificate[]): CrossSplit {
  const roots = certificates.length < 3 ? [] : certificates.filter(isSelfSigned);
  const isCross = (one: Certificate, at: number): boolean =>
    at > 0 && roots.some((root) => isTwin(one, root)) && !isSelfSigned(one);
  return {
    plain: certificates.filter((one, at) => !isCross(one, at)),
    cross: certificates.filter(isCross),
  };
}

const isTwin = (a: Certificate, b: Certificate): boolean =>
  sameBytes(a.rawSubject, b.rawSubject) && sameBytes(a.spki, b.spki);
