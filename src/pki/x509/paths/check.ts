import { sameBytes } from '../certificates/certificate.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { understoodExtensions } from '../extensions/index.ts';
import { forbiddenNameOf } from './name-permit.ts';

export type PathProblemCode =
  | 'not-yet-valid'
  | 'expired'
  | 'unknown-critical-extension'
  | 'issuer-mismatch'
  | 'signature-invalid'
  | 'not-a-ca'
  | 'no-cert-sign'
  | 'path-too-long'
  | 'name-not-permitted';

export interface PathProblem {
  readonly code: PathProblemCode;
  /** Position in the path of the certificate that the problem is with. */
  readonly index: number;
  readonly message: string;
}

/**
 * Everything that is wrong with a path at `now`, from the end-entity certificate up to the anchor, both included; empty
 * when it is valid (RFC 5280 6.1, without policies and revocation). The anchor's dates are checked, as most TLS stacks do.
 */
export function checkPath(path: readonly Certificate[], now: Date): PathProblem[] {
  return path.flatMap((certificate, index) => [
    ...checkDates(certificate, index, now),
    ...checkCritical(certificate, index),
    ...(index === 0 ? [] : checkIssuer(path, index)),
  ]);
}

function checkDates(certificate: Certificate, index: number, now: Date): PathProblem[] {
  if (now < certificate.notBefore) {
    return [{ code: 'not-yet-valid', index, message: `not valid before ${isoSeconds(certificate.notBefore)}` }];
  }
  if (certificate.isValidAt(now)) return [];
  return [{ code: 'expired', index, message: `expired at ${isoSeconds(certificate.notAfter)}` }];
}

function checkCritical({ extensions }: Certificate, index: number): PathProblem[] {
  const unknown = extensions.filter(({ critical, oid }) => critical && !understoodExtensions.has(oid));
  return unknown.map(({ oid }) => ({
    code: 'unknown-critical-extension',
    index,
    message: `critical extension ${oid} is not understood`,
  }));
}

/** What the certificate at `index` must be to issue those below it. */
function checkIssuer(path: readonly Certificate[], index: number): PathProblem[] {
  const issuer = path[index]!;
  const issued = path[index - 1]!;
  return [...checkLink(issued, issuer, index), ...checkAuthority(issuer, path, index), ...checkNames(path, index)];
}

function checkLink(issued: Certificate, issuer: Certificate, index: number): PathProblem[] {
  if (!sameBytes(issued.rawIssuer, issuer.rawSubject)) {
    const message = `issuer "${issued.issuerText}" is not "${issuer.subjectText}"`;
    return [{ code: 'issuer-mismatch', index: index - 1, message }];
  }
  if (issued.isSignedBy(issuer)) return [];
  return [{ code: 'signature-invalid', index: index - 1, message: `not signed by the key of "${issuer.subjectText}"` }];
}

function checkAuthority(issuer: Certificate, path: readonly Certificate[], index: number): PathProblem[] {
  const problems: PathProblem[] = [];
  if (!issuer.isCA && issuer.fields.version === 3) {
    problems.push({ code: 'not-a-ca', index, message: 'certificate is not a CA' });
  }
  if (issuer.fields.keyUsages?.includes('cert sign') === false) {
    problems.push({ code: 'no-cert-sign', index, message: 'key usage does not include cert sign' });
  }
  // RFC 5280 4.2.1.9: self-issued certificates and the last one of the path do not count.
  const below = path.slice(1, index).filter((certificate) => !certificate.isSelfIssued).length;
  if (issuer.pathLength !== undefined && below > issuer.pathLength) {
    const message = `${below} CA certificates below, path length allows ${issuer.pathLength}`;
    problems.push({ code: 'path-too-long', index, message });
  }
  return problems;
}

/** RFC 5280 6.1.3 b and c: self-issued certificates are exempt, unless they are the last of the path. */
function checkNames(path: readonly Certificate[], index: number): PathProblem[] {
  const issuer = path[index]!;
  return path.slice(0, index).flatMap((certificate, at) => {
    const exempt = at > 0 && certificate.isSelfIssued;
    const message = exempt ? undefined : forbiddenNameOf(certificate, issuer);
    return message === undefined ? [] : [{ code: 'name-not-permitted' as const, index: at, message }];
  });
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
