import { checkPath, sameBytes } from '#pki/x509';
import type { PathProblem } from '#pki/x509';
import type { CertificatePart, Part } from './gathered.ts';
import type { Warning } from './inspection.ts';
import { isEndEntity, maximumCompared, pathOf, signerOf } from './signers.ts';
import type { Signed } from './signers.ts';
import { itemWarning, sourceWarning } from './warning.ts';

/** What is wrong between a certificate and those above it. */
export function chainWarnings(signed: Signed, now: Date): Warning[] {
  return [
    ...checkSigner(signed),
    ...checkLifetimes(signed),
    ...checkKeyIds(signed),
    ...(isEndEntity(signed) ? checkRules(signed, now) : []),
  ];
}

function checkSigner({ certificate, isSelfSigned, signers, namesakes, item }: Signed): Warning[] {
  if (isSelfSigned || signers.length > 0) return [];
  const issuer = `"${certificate.issuerText}"`;
  if (namesakes.length > 0) {
    return [
      itemWarning(item, 'signature-mismatch', `was signed by another key than that of ${issuer} which is at hand`),
    ];
  }
  if (certificate.isCA) {
    return [
      itemWarning(item, 'missing-issuer', `has its issuer ${issuer} elsewhere, as chains without root do`, 'note'),
    ];
  }
  return [itemWarning(item, 'missing-issuer', `has no issuer here: ${issuer} is missing`)];
}

function checkLifetimes(signed: Signed): Warning[] {
  const signer = signerOf(signed);
  const { notAfter } = signed.certificate;
  if (signer === undefined || notAfter <= signer.certificate.notAfter) return [];
  const end = signer.certificate.notAfter.toISOString();
  const message = `is valid until ${notAfter.toISOString()}, longer than its issuer (${end})`;
  return [itemWarning(signed.item, 'outlives-issuer', message)];
}

/** Path builders that go by key identifiers, as OpenSSL and Java do, do not find such an issuer. */
function checkKeyIds(signed: Signed): Warning[] {
  const wanted = signed.certificate.authorityKeyId;
  const given = signerOf(signed)?.certificate.subjectKeyId;
  if (wanted === undefined || given === undefined || sameBytes(wanted, given)) return [];
  const message = "names a key identifier as its issuer's that the issuer does not have";
  return [itemWarning(signed.item, 'key-id-mismatch', message)];
}

/** The rules of RFC 5280, section 6; dates and signatures are judged elsewhere. */
function checkRules(leaf: Signed, now: Date): Warning[] {
  const path = pathOf(leaf);
  const problems = checkPath(
    path.map(({ certificate }) => certificate),
    now,
  );
  return problems.filter(isRule).map(({ index, message }) => itemWarning(path[index]!.item, 'path-invalid', message));
}

function isRule({ code }: PathProblem): boolean {
  return !['not-yet-valid', 'expired', 'issuer-mismatch', 'signature-invalid'].includes(code);
}

/** Servers send a chain file as it is, so an issuer before what it signed breaks clients (RFC 5246, 7.4.2). */
export function orderWarnings(certificates: readonly Signed[]): Warning[] {
  return certificates.flatMap((signed) => {
    const signer = signerOf(signed);
    if (signer === undefined || signer.part.source !== signed.part.source || signer.item > signed.item) return [];
    if (signed.part.role !== undefined) return [];
    const message = `stands after its issuer "${signed.certificate.issuerText}"`;
    return [itemWarning(signed.item, 'wrong-order', message)];
  });
}

/** In a keystore an issuer stands in many chains; elsewhere a second copy is a mistake. */
export function duplicateWarnings(parts: readonly Part[]): Warning[] {
  const seen = new Set<string>();
  return [...parts.entries()].flatMap(([item, part]) => {
    if (part.type !== 'certificate' || part.role === 'chain') return [];
    const key = duplicateKey(part);
    if (seen.has(key)) return [itemWarning(item, 'duplicate', 'occurs twice')];
    seen.add(key);
    return [];
  });
}

function duplicateKey({ source, certificate }: CertificatePart): string {
  return `${certificate.fingerprint} ${source}`;
}

export function countWarnings(parts: readonly Part[], certificates: readonly Signed[]): Warning[] {
  const source = parts.at(-1)?.source ?? '';
  if (certificates.length < maximumCompared) return [];
  return [sourceWarning(source, 'too-many-certificates', `chains are drawn for the first ${maximumCompared} only`)];
}
