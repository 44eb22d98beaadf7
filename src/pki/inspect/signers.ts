import { isSelfSigned } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import type { CertificatePart, Part } from './gathered.ts';

/** One of the certificates at hand, with what the others are to it. */
export interface Signed {
  /** Position of its first occurrence among the items. */
  readonly item: number;
  readonly part: CertificatePart;
  readonly certificate: Certificate;
  readonly isSelfSigned: boolean;
  /** Those at hand whose key made its signature, itself excepted. */
  readonly signers: readonly Signed[];
  /** Those that have its issuer's name, and did not sign it. */
  readonly namesakes: readonly Signed[];
}

/** Certificates that signatures are compared for; more are listed only. */
export const maximumCompared = 2_000;
/** Candidates of one name. A bundle has a handful of generations of a CA at most. */
const maximumCandidates = 16;

type Growing = Signed & { signers: Signed[]; namesakes: Signed[] };

/** The distinct certificates among `parts`, linked by signature. Names alone do not link: CAs keep theirs when rotated. */
export function linkSigners(parts: readonly Part[]): readonly Signed[] {
  const distinct = distinctCertificates(parts).slice(0, maximumCompared);
  const bySubject = Map.groupBy(distinct, ({ certificate }) => nameKey(certificate.rawSubject));
  for (const signed of distinct) {
    const candidates = bySubject.get(nameKey(signed.certificate.rawIssuer))?.slice(0, maximumCandidates) ?? [];
    for (const candidate of candidates) {
      if (candidate === signed) continue;
      const isSigner = signed.certificate.isSignedBy(candidate.certificate);
      (isSigner ? signed.signers : signed.namesakes).push(candidate);
    }
  }
  return distinct;
}

function distinctCertificates(parts: readonly Part[]): Growing[] {
  const seen = new Set<string>();
  return [...parts.entries()].flatMap(([item, part]) => {
    if (part.type !== 'certificate' || seen.has(part.certificate.fingerprint)) return [];
    const { certificate } = part;
    seen.add(certificate.fingerprint);
    return [{ item, part, certificate, isSelfSigned: isSelfSigned(certificate), signers: [], namesakes: [] }];
  });
}

function nameKey(name: Uint8Array): string {
  return Buffer.from(name).toString('latin1');
}

/** No TLS stack builds longer paths. */
const maximumPath = 32;

/** From the certificate up to the top, by the first signer of each. */
export function pathOf(start: Signed): Signed[] {
  const path = [start];
  for (let next = signerOf(start); next !== undefined && !path.includes(next); next = signerOf(next)) {
    if (path.push(next) === maximumPath) break;
  }
  return path;
}

/** The signer that is shown; a self-signed certificate is its own, even where a cross-signer is at hand. */
export function signerOf(signed: Signed): Signed | undefined {
  return signed.isSelfSigned ? undefined : signed.signers[0];
}

/** Whether the certificate is one for an end entity. Roots of version 1 cannot say that they are a CA. */
export function isEndEntity({ certificate, isSelfSigned }: Signed): boolean {
  return !certificate.isCA && !(certificate.fields.version === 1 && isSelfSigned);
}
