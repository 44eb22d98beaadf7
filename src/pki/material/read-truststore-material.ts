import { isSelfSigned } from '#pki/x509';
import { quotedName } from './facts.ts';
import { sortFindings } from './finding.ts';
import type { Finding } from './finding.ts';
import { duplicateFindings, findAll } from './found-files.ts';
import type { FoundCertificate } from './found.ts';
import { judgeDates, judgeStrength } from './judge-certificate.ts';
import { unfit } from './limits.ts';
import type { MaterialFile, MaterialOptions, TrustedMaterial, TruststoreMaterial } from './material.ts';

/**
 * The certificates of one or several files, CA certificates and end-entity ones alike, each once. Without a password
 * JKS files are read unchecked, and PKCS#12 files tried with the empty one. Errors name the entry: `material-unfit` for
 * a private key, or no certificate; otherwise as readKeystoreMaterial.
 */
export function readTruststoreMaterial(
  files: readonly (Uint8Array | MaterialFile)[],
  options: MaterialOptions,
): TruststoreMaterial {
  const { format, certificates, findings } = findAll(files, options, 'refused');
  const first = new Map(certificates.toReversed().map((found) => [found.certificate.fingerprint, found]));
  const distinct = [...first.values()].toReversed();
  if (distinct.length === 0) throw noCertificate();
  const judged = distinct.flatMap((found) => judgeTrusted(found, options));
  return {
    format,
    certificates: distinct.map(trusted),
    findings: sortFindings([
      ...findings,
      ...duplicateFindings(certificates),
      ...bearable(judged, distinct, options.now),
    ]),
  };
}

function noCertificate(): Error {
  return unfit('There is no certificate in the file.', undefined, 'Give the certificates that shall be trusted.');
}

function trusted({ alias, certificate }: FoundCertificate): TrustedMaterial {
  return { ...(alias === '' ? {} : { alias }), certificate, isCA: certificate.isCA };
}

function judgeTrusted({ certificate, place }: FoundCertificate, options: MaterialOptions): Finding[] {
  const isRoot = certificate.isSelfIssued;
  return [
    ...judgeDates(certificate, options.now, place),
    ...judgeStrength(certificate, { isRoot, minimum: options.minimumKeyStrength }, place),
    ...judgeAuthority({ certificate, place }),
  ];
}

/** Roots of version 1 cannot say that they are a CA. */
function judgeAuthority({ certificate, place }: Pick<FoundCertificate, 'certificate' | 'place'>): Finding[] {
  if (certificate.isCA) return [];
  const selfSigned = certificate.isSelfIssued && isSelfSigned(certificate);
  if (selfSigned && certificate.fields.version < 3) return [];
  const how = selfSigned ? 'signed by itself' : 'no CA';
  const message = `${quotedName(certificate)} is ${how}: it is trusted by itself, and nothing that others issue.`;
  return [{ severity: 'info', code: selfSigned ? 'self-signed-leaf' : 'not-a-ca', message, entry: place }];
}

/** The others are trusted nevertheless, as long as one of them is valid. */
function bearable(
  findings: readonly Finding[],
  certificates: readonly FoundCertificate[],
  now: Date,
): readonly Finding[] {
  if (!certificates.some(({ certificate }) => certificate.isValidAt(now))) return findings;
  return findings.map((finding) => (finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding));
}
