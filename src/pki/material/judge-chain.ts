import { checkPath } from '#pki/x509';
import type { Certificate, PathProblem, PathProblemCode } from '#pki/x509';
import { quoted, quotedName } from './facts.ts';
import type { Finding, FindingCode } from './finding.ts';
import { judgeDates, judgeStrength } from './judge-certificate.ts';
import type { ChainMaterial, MaterialOptions } from './material.ts';

/** Dates are judged by themselves; the links hold, since the chain was built by them. */
const pathCodes: Partial<Record<PathProblemCode, FindingCode>> = {
  'not-a-ca': 'not-a-ca',
  'unknown-critical-extension': 'path-invalid',
  'no-cert-sign': 'path-invalid',
  'path-too-long': 'path-invalid',
  'name-not-permitted': 'path-invalid',
};

/** What is wrong with a chain that was built: dates, strength, rules of the path, and where it ends. */
export function judgeChain(
  built: ChainMaterial,
  { now, minimumKeyStrength }: MaterialOptions,
  placeOf: (certificate: Certificate) => string,
): Finding[] {
  const path = pathOf(built);
  const single = path.flatMap((certificate) => {
    const isRoot = certificate === built.root;
    const strength = { isRoot, minimum: minimumKeyStrength };
    const entry = placeOf(certificate);
    return [...judgeDates(certificate, now, entry), ...judgeStrength(certificate, strength, entry)];
  });
  const rules = checkPath(path, now).flatMap((problem) => ruleFinding(problem, path[problem.index]!, placeOf));
  return [...single, ...rules, ...judgeEnd(built, placeOf)];
}

/** From the certificate up to its root, where that is at hand. */
export function pathOf({ chain, root }: ChainMaterial): Certificate[] {
  return root === undefined || root === chain[0] ? [...chain] : [...chain, root];
}

function ruleFinding(
  { code, message }: PathProblem,
  certificate: Certificate,
  placeOf: (certificate: Certificate) => string,
): Finding[] {
  const found = pathCodes[code];
  if (found === undefined) return [];
  return [
    { severity: 'error', code: found, message: `${quotedName(certificate)}: ${message}.`, entry: placeOf(certificate) },
  ];
}

/** A chain without root is how servers present it; a certificate alone is presented to clients that know its CA at best. */
function judgeEnd(
  { chain, root, missingIssuer }: ChainMaterial,
  placeOf: (certificate: Certificate) => string,
): Finding[] {
  const last = chain.at(-1)!;
  const entry = placeOf(last);
  if (missingIssuer !== undefined) {
    const message = `The issuer ${quoted(missingIssuer)} of ${quotedName(last)} is not in the file.`;
    return [{ severity: chain.length === 1 ? 'warning' : 'info', code: 'missing-intermediate', message, entry }];
  }
  if (root !== last || last.isCA) return [];
  const message = `${quotedName(last)} is signed by itself; who connects has to trust exactly this certificate.`;
  return [{ severity: 'info', code: 'self-signed-leaf', message, entry }];
}
