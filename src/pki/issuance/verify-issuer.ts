import { sign, verify } from 'node:crypto';
import { isCoded } from '#errors';
import { checkPath, emptyName, formatKeySpec, isSupportedKeySpec, orderChain, parseCertificateChain } from '#pki/x509';
import type { Certificate, PathProblemCode, PrivateKey } from '#pki/x509';
import { splitCross } from './cross-certificates.ts';

export type IssuerProblemCode =
  PathProblemCode | 'no-certificate' | 'pair-mismatch' | 'chain-broken' | 'no-name' | 'weak-key' | 'weak-signature';

export interface IssuerProblem {
  readonly code: IssuerProblemCode;
  /** One clause, lower case: fit to follow a colon. */
  readonly message: string;
}

/**
 * Everything that keeps these certificates (the signing one first, its issuers after it) and this key from acting as a
 * CA at `now`; empty when they can. Order: pair, authority, chain, dates, strength.
 */
export function verifyIssuer(certificates: readonly Certificate[], key: PrivateKey, now: Date): IssuerProblem[] {
  const [certificate] = certificates;
  if (certificate === undefined) return [{ code: 'no-certificate', message: 'no certificate is given' }];
  return [
    ...checkPair(certificate, key),
    ...checkRights(certificate),
    ...checkChain(certificates, now),
    ...certificates.flatMap(checkStrength),
  ];
}

/** The public halves are compared, and a probe is signed: an imported key may carry a public half that is not its own. */
function checkPair(certificate: Certificate, key: PrivateKey): IssuerProblem[] {
  if (key.matches(certificate.spki) && signsFor(certificate, key)) return [];
  return [{ code: 'pair-mismatch', message: 'the private key is not the key of the certificate' }];
}

function signsFor(certificate: Certificate, key: PrivateKey): boolean {
  const probe = Buffer.from('key pair probe');
  const digest = key.spec.algorithm === 'Ed25519' ? null : 'sha256';
  try {
    return verify(digest, probe, certificate.publicKey, sign(digest, probe, key.keyObject));
  } catch {
    return false;
  }
}

function checkRights({ isCA, fields, rawSubject }: Certificate): IssuerProblem[] {
  const problems: IssuerProblem[] = [];
  if (!isCA) problems.push({ code: 'not-a-ca', message: 'certificate is not a CA' });
  if (fields.keyUsages?.includes('cert sign') === false) {
    problems.push({ code: 'no-cert-sign', message: 'key usage does not include cert sign' });
  }
  if (rawSubject.length === emptyName.length) problems.push({ code: 'no-name', message: 'the CA has no subject' });
  return problems;
}

/** The signing certificate counts as the end of the path here, so only what stands above it needs rights to issue. */
function checkChain(given: readonly Certificate[], now: Date): IssuerProblem[] {
  const certificates = splitCross(given).plain;
  const { chain } = orderChain(certificates);
  const isWhole = isOneChain(certificates) && chain[0]!.equals(certificates[0]!);
  const broken: IssuerProblem = { code: 'chain-broken', message: 'certificate chain is malformed or broken' };
  const path = isWhole ? chain : certificates.slice(0, 1);
  const problems = checkPath(path, now).map(({ code, message, index }) => ({
    code,
    message: index === 0 ? message : `${path[index]!.subjectText}: ${message}`,
  }));
  return isWhole ? problems : [broken, ...problems];
}

function isOneChain(certificates: readonly Certificate[]): boolean {
  try {
    return parseCertificateChain(certificates).chain.length > 0;
  } catch (error) {
    if (isCoded(error, 'chain-malformed')) return false;
    throw error;
  }
}

const weakSignatures = new Set(['SHA1WithRSA', 'MD5WithRSA', 'ECDSAWithSHA1']);

function checkStrength(certificate: Certificate): IssuerProblem[] {
  const { keySpec, signatureAlgorithm, subjectText } = certificate;
  const problems: IssuerProblem[] = [];
  if (keySpec === undefined || !isSupportedKeySpec(keySpec)) {
    const kind = keySpec === undefined ? 'of an unknown kind' : formatKeySpec(keySpec);
    problems.push({ code: 'weak-key', message: `the key of "${subjectText}" is ${kind}` });
  }
  // Nobody checks the signature of a root.
  if (weakSignatures.has(signatureAlgorithm) && !certificate.isSelfIssued) {
    problems.push({ code: 'weak-signature', message: `"${subjectText}" is signed with ${signatureAlgorithm}` });
  }
  return problems;
}
