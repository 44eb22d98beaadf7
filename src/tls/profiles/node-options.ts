import { constants } from 'node:crypto';
import { CodedError } from '#errors';
import type { Group } from './groups.ts';
import { negotiable } from './obstacles.ts';
import type { Offer } from './offer.ts';
import { offerOf } from './offer.ts';
import type { NodeVersion, Protocol } from './protocols.ts';
import { nodeVersion, skippedProtocols } from './protocols.ts';
import { securityLevel } from './security-level.ts';
import type { ClientSettings, ServerSettings, Side } from './settings.ts';

/** What tls.createSecureContext, tls.createServer and tls.connect all take. */
export interface NodeContextOptions {
  readonly minVersion: NodeVersion;
  readonly maxVersion: NodeVersion;
  readonly ciphers: string;
  readonly ecdhCurve: string;
  readonly sigalgs: string;
  readonly secureOptions: number;
}

/**
 * Spread into tls.createServer and into every createSecureContext that its SNICallback answers with: OpenSSL takes some
 * settings from the one and some from the other, so a listener must only answer with contexts of its own settings.
 */
export interface NodeServerOptions extends NodeContextOptions {
  readonly honorCipherOrder: true;
  /** Present when a DHE suite is offered: without it Node never agrees on one. */
  readonly dhparam?: 'auto';
  readonly ALPNProtocols: string[];
  readonly requestCert: boolean;
  /** With `request` a certificate that was shown and is not trusted is for the caller to refuse. */
  readonly rejectUnauthorized: boolean;
}

/** Spread into tls.connect, which takes the name to indicate and the trust from its caller. */
export interface NodeClientOptions extends NodeContextOptions {
  readonly ALPNProtocols: string[];
  readonly rejectUnauthorized: boolean;
  readonly allowPartialTrustChain: true;
}

/**
 * Options under which a Node server negotiates exactly what the profile says.
 * Throws `invalid` for settings of which nothing can be negotiated; `checkSettings` says more about them.
 */
export function nodeServerOptions(settings: ServerSettings): NodeServerOptions {
  const offer = offerOf('server', settings);
  const mutual = settings.mutualAuthentication ?? 'none';
  return {
    ...contextOptions('server', offer, settings.limitRenegotiation === false ? 0 : constants.SSL_OP_NO_RENEGOTIATION),
    honorCipherOrder: true,
    ...(offer.suites.some((suite) => suite.keyExchange === 'DHE') && { dhparam: 'auto' as const }),
    ALPNProtocols: [...offer.alpnProtocols],
    requestCert: mutual !== 'none',
    rejectUnauthorized: mutual === 'require',
  };
}

/**
 * Options under which a Node client negotiates exactly what the profile says. A server that asks for a renegotiation is
 * refused one: Node would not verify the certificate that it shows then.
 * Throws `invalid` for settings of which nothing can be negotiated; `checkSettings` says more about them.
 */
export function nodeClientOptions(settings: ClientSettings): NodeClientOptions {
  const offer = offerOf('client', settings);
  return {
    ...contextOptions('client', offer, constants.SSL_OP_NO_RENEGOTIATION),
    ALPNProtocols: [...offer.alpnProtocols],
    rejectUnauthorized: settings.insecureServerConnections !== true,
    allowPartialTrustChain: true,
  };
}

function contextOptions(side: Side, offer: Offer, secureOptions: number): NodeContextOptions {
  const protocols = offeredProtocols(side, offer);
  const [lowest, highest] = [protocols[0], protocols.at(-1)];
  if (lowest === undefined || highest === undefined) throw nothingToNegotiate();
  return {
    minVersion: nodeVersion(lowest),
    maxVersion: nodeVersion(highest),
    ciphers: cipherString(offer, protocols),
    ecdhCurve: groupString(side, offer),
    sigalgs: offer.signatureSchemes.join(':'),
    secureOptions: secureOptions | withoutSkipped(protocols),
  };
}

/** An OpenSSL client that is told to skip a version offers only what is below the gap: it gets what is above instead. */
function offeredProtocols(side: Side, offer: Offer): Protocol[] {
  const protocols = negotiable(offer);
  const gap = skippedProtocols(protocols).at(-1);
  return side === 'server' || gap === undefined ? protocols : protocols.filter((protocol) => protocol > gap);
}

/**
 * Node splits the text into TLS 1.3's suites and the others. Neither half may be missing: OpenSSL would fill in its own
 * TLS 1.3 suites, and refuses a security level that stands alone; so a list of only TLS 1.3 suites gets a suite of
 * TLS 1.2, which its lowest version rules out.
 */
function cipherString(offer: Offer, protocols: readonly Protocol[]): string {
  const suites = offer.suites.filter((suite) => suite.versions.some((version) => protocols.includes(version)));
  const names = suites.map((suite) => suite.openssl);
  const placeholder = protocols[0] === 'tls_v1.3' ? ['ECDHE-ECDSA-AES256-GCM-SHA384'] : [];
  return [...names, ...placeholder, `@SECLEVEL=${securityLevel(offer)}`].join(':');
}

/** `*` marks the groups for which a client sends key shares. */
function groupString(side: Side, offer: Offer): string {
  const shared = side === 'client' ? keyShares(offer) : [];
  return offer.groups.map((group) => (shared.includes(group) ? `*${group.iana}` : group.iana)).join(':');
}

/** The first group; after a post-quantum one also the second, since most servers would ask for that one instead. */
function keyShares(offer: Offer): readonly Group[] {
  const usable = offer.groups.filter((group) => group.tls13);
  return usable.slice(0, usable[0]?.iana.includes('MLKEM') === true ? 2 : 1);
}

const switchedOff: Partial<Record<Protocol, number>> = {
  'tls_v1.1': constants.SSL_OP_NO_TLSv1_1,
  'tls_v1.2': constants.SSL_OP_NO_TLSv1_2,
};

function withoutSkipped(protocols: readonly Protocol[]): number {
  return skippedProtocols(protocols).reduce((flags, protocol) => flags | (switchedOff[protocol] ?? 0), 0);
}

function nothingToNegotiate(): CodedError {
  const hint = 'List at least one version together with a cipher suite, a group and a signature algorithm for it.';
  return new CodedError('invalid', 'the TLS profile leaves nothing to negotiate', { field: 'protocols', hint });
}
