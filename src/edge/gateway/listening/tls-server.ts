import { X509Certificate } from 'node:crypto';
import { createSecureContext, createServer } from 'node:tls';
import type { Server, TlsOptions } from 'node:tls';
import type { ListenerPlan } from '#model/gateways';
import { nodeServerOptions } from '#tls/profiles';

/** How long a caller may resume a session; a change of the host ends it earlier. */
const sessionSeconds = 300;

/**
 * A TLS server for one host, which sockets are handed to; it never listens itself. Throws Node's error when OpenSSL
 * refuses the material.
 */
export function openTLSServer(plan: ListenerPlan, handshakeMilliseconds: number): Server {
  const { settings, identity, clientAnchors } = plan;
  const options: TlsOptions = {
    ...nodeServerOptions(settings),
    // Who is let in is judged after the handshake, where it is known why not; Node would end the connection without a word.
    rejectUnauthorized: false,
    cert: identity.certificatePEM,
    key: identity.privateKeyPEM,
    ca: clientAnchors.map((anchor) => anchor.pem),
    handshakeTimeout: handshakeMilliseconds,
    sessionTimeout: sessionSeconds,
    // Sessions rest on the host's own ticket keys; OpenSSL wants a name for them where clients are verified.
    sessionIdContext: plan.digest.slice(0, 32),
  };
  const server = createServer(options);
  if (clientAnchors.some(isNoRoot)) trustAnchorsAlone(server, options);
  return server;
}

/**
 * Makes the server take for an anchor what is no root: an intermediate, or an end-entity certificate. Node has the option
 * for contexts, and does not pass it on from a server's options to its context, so the context is put in place of its own.
 * Should Node come to ignore that, such clients are refused.
 */
function trustAnchorsAlone(server: Server, options: TlsOptions): void {
  Object.assign(server, { _sharedCreds: createSecureContext({ ...options, allowPartialTrustChain: true }) });
}

function isNoRoot({ pem }: { readonly pem: string }): boolean {
  const certificate = new X509Certificate(pem);
  return !certificate.checkIssued(certificate);
}
