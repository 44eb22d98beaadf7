import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import { nodeClientOptions } from '#tls/profiles';

const contexts = new WeakMap<UpstreamPlan, SecureContext>();

/**
 * What OpenSSL needs to dial by a plan; the same for everybody who dials by it, so that a proof is about what the data
 * plane uses. Throws Node's error when it refuses the material. An empty trust set stays empty: only where the plan says
 * so are the public CAs in it.
 */
export function clientContext(plan: UpstreamPlan): SecureContext {
  const context = contexts.get(plan) ?? makeContext(plan);
  contexts.set(plan, context);
  return context;
}

function makeContext(plan: UpstreamPlan): SecureContext {
  const anchors = plan.anchors.map(({ pem }) => pem);
  if (!plan.publicAuthorities) return contextWith(plan, { ca: anchors });
  // Leaving `ca` out is how Node is told to trust the public CAs. To name them beside others would cost 7 ms of parsing;
  // the native context takes more for itself alone, and nothing that is shared changes.
  const context = contextWith(plan, {});
  for (const anchor of anchors) (context as NativeHolder).context.addCACert(anchor);
  return context;
}

/** The same without any trust, for the proof that acceptance rests on it. */
export function contextWithoutTrust(plan: UpstreamPlan): SecureContext {
  return contextWith(plan, { ca: [] });
}

interface NativeHolder extends SecureContext {
  readonly context: { addCACert(pem: string): void };
}

function contextWith({ settings, identity }: UpstreamPlan, trust: { readonly ca?: string[] }): SecureContext {
  return createSecureContext({
    ...nodeClientOptions(settings),
    ...(identity && { cert: identity.certificatePEM, key: identity.privateKeyPEM }),
    ...trust,
  });
}
