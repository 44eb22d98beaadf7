import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** Longer chains are cut: what is shown may be anything, and the certificates that count come first. */
const longestChain = 20;

/**
 * The certificates that the peer showed, end-entity first, with an anchor that was found for them; empty when it showed
 * none. Asked in Node's older form, because `getPeerX509Certificate` takes the chain away from the connection: whoever
 * asks next finds less, and Node's own check of the name finds nothing.
 */
export function shownChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && chain.length < longestChain) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}
