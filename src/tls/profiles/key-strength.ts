import type { X509Certificate } from 'node:crypto';
import type { ProfileSettings } from './settings.ts';

/** In bits. What browsers and the public CAs ask for. */
export const defaultKeyStrength = { rsaBits: 2048, ecBits: 256 };

/** Curves by OpenSSL's names; a curve that is missing here counts as too weak. */
const curveBits: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

type StrengthSettings = Pick<ProfileSettings, 'minimumKeyStrength' | 'signatureAlgorithms'>;

/**
 * Why the chain that a peer showed (end-entity first) is too weak for a profile, in one sentence, or undefined. OpenSSL
 * counts in coarse levels, which old versions and suites lower for the whole connection; this is exact, and cheap enough
 * for every full handshake. A signature on a self-signed certificate says nothing, so it is not looked at.
 */
export function checkPeerKeyStrength(
  chain: readonly X509Certificate[],
  settings: StrengthSettings,
): string | undefined {
  for (const certificate of chain) {
    const weakness = keyWeakness(certificate, settings) ?? signatureWeakness(certificate, settings);
    if (weakness !== undefined) return `${nameOf(certificate)} ${weakness}`;
  }
  return undefined;
}

function keyWeakness(certificate: X509Certificate, settings: StrengthSettings): string | undefined {
  const { rsaBits, ecBits } = { ...defaultKeyStrength, ...settings.minimumKeyStrength };
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType === 'ec') return below('EC', curveBits[asymmetricKeyDetails?.namedCurve ?? ''] ?? 0, ecBits);
  const modular = asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss' || asymmetricKeyType === 'dsa';
  const title = asymmetricKeyType === 'dsa' ? 'DSA' : 'RSA';
  return modular ? below(title, asymmetricKeyDetails?.modulusLength ?? 0, rsaBits) : undefined;
}

function below(title: string, bits: number, least: number): string | undefined {
  return bits < least ? `has an ${title} key of ${bits} bits, and the profile wants ${least}` : undefined;
}

/** RFC 8446 section 4.2.3: the signature algorithms that are offered count for the certificates too. */
function signatureWeakness(certificate: X509Certificate, settings: StrengthSettings): string | undefined {
  const hash = /md5|sha1(?!\d)/i.exec(certificate.signatureAlgorithm ?? '')?.[0].toLowerCase();
  if (hash === undefined || isSelfIssued(certificate)) return undefined;
  const allowed = settings.signatureAlgorithms?.some((name) => name.toLowerCase().endsWith(`_${hash}`)) ?? false;
  return allowed
    ? undefined
    : `is signed with ${hash.toUpperCase()}, and the profile does not name that signature algorithm`;
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

/** One line, whatever the certificate's subject holds. */
function nameOf(certificate: X509Certificate): string {
  return `the certificate ${JSON.stringify(certificate.subject.replaceAll('\n', ', '))}`;
}
