import { publicKeyObject } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import { keyName, quotedName, seconds } from './facts.ts';
import type { Finding } from './finding.ts';
import type { KeyStrength } from './material.ts';

/** What is wrong with the dates of a certificate; at most one finding. */
export function judgeDates(certificate: Certificate, now: Date, entry: string): Finding[] {
  if (certificate.isValidAt(now)) return [];
  const name = quotedName(certificate);
  if (now < certificate.notBefore) {
    const message = `${name} is not valid before ${seconds(certificate.notBefore)}.`;
    return [{ severity: 'error', code: 'not-yet-valid', message, entry }];
  }
  return [
    { severity: 'error', code: 'expired', message: `${name} expired at ${seconds(certificate.notAfter)}.`, entry },
  ];
}

/** What is weak in a certificate. Nobody relies on the signature of a root, so it may be an old one. */
export function judgeStrength(
  certificate: Certificate,
  { isRoot, minimum = {} }: { readonly isRoot: boolean; readonly minimum?: KeyStrength | undefined },
  entry: string,
): Finding[] {
  return [...judgeKey(certificate, minimum, entry), ...(isRoot ? [] : judgeSignature(certificate, entry))];
}

function judgeKey(certificate: Certificate, { rsaBits = 2048, ecBits = 256 }: KeyStrength, entry: string): Finding[] {
  const key = keySize(certificate);
  const least = key?.algorithm === 'RSA' ? rsaBits : ecBits;
  if (key === undefined || key.bits >= least) return [];
  const message = `${quotedName(certificate)} has a key of ${keyName(certificate)}; ${least} bits are the least.`;
  return [{ severity: 'warning', code: 'weak-key', message, entry }];
}

/** Undefined for kinds whose strength is not a matter of size. DSA is as strong as RSA of its size. */
function keySize({ keySpec, spki }: Certificate): { algorithm: 'RSA' | 'EC'; bits: number } | undefined {
  if (keySpec?.algorithm === 'RSA') return { algorithm: 'RSA', bits: keySpec.size };
  if (keySpec !== undefined)
    return keySpec.algorithm === 'Ed25519' ? undefined : { algorithm: 'EC', bits: keySpec.size };
  const details = detailsOf(spki);
  if (details?.modulusLength !== undefined) return { algorithm: 'RSA', bits: details.modulusLength };
  const curve = /\d{3}/.exec(details?.namedCurve ?? '');
  return curve === null ? undefined : { algorithm: 'EC', bits: Number(curve[0]) };
}

function detailsOf(spki: Uint8Array): { modulusLength?: number; namedCurve?: string } | undefined {
  try {
    return publicKeyObject(spki).asymmetricKeyDetails;
  } catch {
    return undefined;
  }
}

function judgeSignature(certificate: Certificate, entry: string): Finding[] {
  const algorithm = certificate.signatureAlgorithm;
  if (!/MD5|SHA1(?!\d)/.test(algorithm)) return [];
  const message = `${quotedName(certificate)} is signed with ${algorithm}, which clients refuse.`;
  return [{ severity: 'warning', code: 'weak-signature', message, entry }];
}
