import type { CipherSuite } from './cipher-suites.ts';
import type { Offer } from './offer.ts';
import type { Protocol } from './protocols.ts';
import { protocolTitle } from './protocols.ts';
import { dsaScheme, signsTLS12, signsTLS13 } from './signature-schemes.ts';

/** Why a version can never be negotiated although it is listed. */
export interface Obstacle {
  readonly protocol: Protocol;
  readonly field: 'ciphers' | 'groups' | 'signatureAlgorithms';
  readonly message: string;
  readonly hint: string;
}

/** The first thing without which `protocol` cannot be negotiated under `offer`. */
export function obstacleOf(protocol: Protocol, offer: Offer): Obstacle | undefined {
  const found = protocol === 'tls_v1.3' ? obstacle13(offer) : obstacle12(protocol, offer);
  return found === undefined ? undefined : { protocol, ...found };
}

/** Protocols of the offer that can be negotiated, lowest first. */
export function negotiable(offer: Offer): Protocol[] {
  return offer.protocols.filter((protocol) => obstacleOf(protocol, offer) === undefined);
}

type Found = Omit<Obstacle, 'protocol'> | undefined;

function obstacle13(offer: Offer): Found {
  if (suitesFor('tls_v1.3', offer).length === 0) return noSuite('tls_v1.3', 'TLS_AES_256_GCM_SHA384');
  if (!offer.groups.some((group) => group.tls13)) return noGroup('tls_v1.3');
  return offer.signatureSchemes.some(signsTLS13) ? undefined : noScheme('tls_v1.3', 'ecdsa_secp256r1_sha256');
}

function obstacle12(protocol: Protocol, offer: Offer): Found {
  const suites = suitesFor(protocol, offer);
  if (suites.length === 0) return noSuite(protocol, exampleFor(protocol));
  const agreed = suites.filter((suite) => suite.keyExchange !== 'ECDHE' || offer.groups.some((group) => group.ecdhe));
  if (agreed.length === 0) return noGroup(protocol);
  if (protocol !== 'tls_v1.2' || agreed.some((suite) => canSign(suite, offer))) return undefined;
  return noScheme(protocol, 'ecdsa_secp256r1_sha256 and rsa_pss_rsae_sha256');
}

function suitesFor(protocol: Protocol, offer: Offer): CipherSuite[] {
  return offer.suites.filter((suite) => suite.versions.includes(protocol));
}

/** A server proves itself by signing, except where the client encrypts to its RSA key. */
function canSign(suite: CipherSuite, offer: Offer): boolean {
  if (suite.keyExchange === 'RSA') return true;
  return offer.signatureSchemes.filter(signsTLS12).some((scheme) => signs(scheme, suite));
}

function signs(scheme: string, suite: CipherSuite): boolean {
  if (suite.authentication === 'DSS') return scheme === dsaScheme;
  const rsa = scheme.startsWith('rsa_');
  return suite.authentication === 'RSA' ? rsa : !rsa && scheme !== dsaScheme;
}

/** Versions before 1.2 know no suite with a better MAC than SHA-1. */
function exampleFor(protocol: Protocol): string {
  return `ECDHE_ECDSA_WITH_AES_128_${protocol === 'tls_v1.2' ? 'GCM_SHA256' : 'CBC_SHA'}`;
}

function noSuite(protocol: Protocol, example: string): Found {
  const title = protocolTitle(protocol);
  const message = `no cipher suite of ${title} that can be offered is listed, so ${title} can never be agreed on`;
  return { field: 'ciphers', message, hint: `add one such as ${example}, or take ${protocol} out of protocols` };
}

function noGroup(protocol: Protocol): Found {
  const message = `no group that ${protocolTitle(protocol)} can use is listed`;
  return { field: 'groups', message, hint: `add one such as x25519, or take ${protocol} out of protocols` };
}

function noScheme(protocol: Protocol, example: string): Found {
  const message = `no signature algorithm that fits ${protocolTitle(protocol)} and its cipher suites is listed`;
  return { field: 'signatureAlgorithms', message, hint: `add ${example}, or take ${protocol} out of protocols` };
}
