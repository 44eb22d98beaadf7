import type { ListenerPlan, RoutePlan } from '#model/gateways';

/** Under which a listener is proven. */
export function listenerProofKey({ host }: Pick<ListenerPlan, 'host'>): string {
  return `listener ${host}`;
}

/** Under which it is proven whom a listener lets in. */
export function clientTrustProofKey({ host }: Pick<ListenerPlan, 'host'>): string {
  return `clients of ${host}`;
}

/** Under which a backend is proven: APIs that dial it in the same way share the proof. */
export function upstreamProofKey({ upstream }: Pick<RoutePlan, 'upstream'>): string {
  return `upstream ${upstream.endpoint} ${upstream.digest}`;
}
