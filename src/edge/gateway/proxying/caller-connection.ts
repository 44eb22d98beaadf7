import type { X509Certificate } from 'node:crypto';

/** What the gateway knows of whoever is on the other end of a connection; the same for all requests on it. */
export interface CallerConnection {
  readonly remoteAddress: string;
  /** As indicated in the handshake, lower case. */
  readonly serverName: string | undefined;
  /** Whether a Host may be asked for on this connection: one that another listener serves with client certificates may not. */
  readonly allows: (host: string) => boolean;
  /** Fields that every request on this connection gets: name, value, name, value. */
  readonly facts: readonly string[];
}

/** The fields that tell a backend who calls: RFC 7239, RFC 9440 and their elder siblings. */
export function callerFacts(remoteAddress: string, chain: readonly X509Certificate[]): string[] {
  const facts = ['x-forwarded-for', remoteAddress, 'x-forwarded-proto', 'https'];
  const [own, ...others] = chain;
  if (own === undefined) return facts;
  facts.push('client-cert', byteSequence(own));
  // RFC 9440 section 2.3: the root adds nothing, because a backend must know it anyway.
  const issuers = others.filter((certificate) => certificate.subject !== certificate.issuer);
  if (issuers.length > 0) facts.push('client-cert-chain', issuers.map(byteSequence).join(', '));
  return facts;
}

/** RFC 8941 section 3.3.5. */
function byteSequence(certificate: X509Certificate): string {
  return `:${certificate.raw.toString('base64')}:`;
}

/** RFC 7239 section 6: an IPv6 address is quoted and in brackets. */
export function forwardedFor(remoteAddress: string): string {
  return remoteAddress.includes(':') ? `"[${remoteAddress}]"` : remoteAddress;
}
