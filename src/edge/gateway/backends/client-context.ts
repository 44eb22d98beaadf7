import type { SecureContext } from 'node:tls';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import { nodeClientOptions } from '#tls/profiles';

/**
 * What OpenSSL needs to dial by a plan. Throws Node's error when it refuses the material. An empty trust set stays empty:
 * only where the plan says so are the public CAs in it.
 */
export function clientContext(plan: UpstreamPlan, trustNothing = false): SecureContext {
  const { identity } = plan;
  return createSecureContext({
    ...nodeClientOptions(plan.settings),
    ...(identity && { cert: identity.certificatePEM, key: identity.privateKeyPEM }),
    ...trustOf(plan, trustNothing),
  });
}

/** Leaving `ca` out is how Node is told to trust the public CAs, and costs far less than naming them. */
function trustOf(plan: UpstreamPlan, trustNothing: boolean): { ca?: string[] } {
  const anchors = plan.anchors.map((anchor) => anchor.pem);
  if (trustNothing) return { ca: [] };
  if (!plan.publicAuthorities) return { ca: anchors };
  return anchors.length === 0 ? {} : { ca: [...rootCertificates, ...anchors] };
}
