import { parseCertificatesPEM } from '#pki/x509';
import { strangeIdentity } from '#edge/instances';
import { contextOf, type Hosts } from './handshakes.ts';
import type { SecureContext } from 'node:tls';

/** What OpenSSL says of a certificate that claims to be from an authority which it trusts and which has not signed it. */
const isKnown = '!CERT_SIGNATURE_FAILURE';

const claims = new Map<string, SecureContext>();

/** A client that claims to be certified by `authority`, and is not. Checks nobody. */
function claimOf(authority: string, servers: readonly string[]): SecureContext {
  const key = [authority, ...servers].join('');
  const known = claims.get(key);
  if (known !== undefined) return known;
  const identity = strangeIdentity(parseCertificatesPEM(authority)[0], new Date());
  const context = contextOf({ ...identity, ca: servers });
  if (claims.size > 100) claims.clear();
  claims.set(key, context);
  return context;
}

/**
 * Whether a host trusts exactly what it should of what has changed: each authority that came is known to it, each that
 * went is not. One full handshake each; `servers` are those that the host's own certificate may be from.
 */
export async function provesTrust(
  hosts: Hosts,
  host: string,
  { came, went, servers }: { came: readonly string[]; went: readonly string[]; servers: readonly string[] },
): Promise<boolean> {
  for (const authority of came) {
    if ((await hosts.greet(host, claimOf(authority, servers))).verdict !== isKnown) return false;
  }
  for (const authority of went) {
    const { verdict } = await hosts.greet(host, claimOf(authority, servers));
    if (verdict === isKnown || !verdict.startsWith('!')) return false;
  }
  return true;
}
