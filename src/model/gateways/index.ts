/**
 * What the nodes of a gateway must load, as values: listeners by host pattern, routes by base path, upstreams with whom
 * they trust. Compiled from objects one listener or one API at a time, so that a change costs what it touches.
 *
 * Not here: sockets, TLS contexts, watching, and which of two plans a node runs; engines take plans as they are.
 *
 * Invariants: pure; what cannot be compiled is a Problem that names the object, never half a plan; the same objects give
 * the same digest, and a digest changes exactly when what a peer could notice changes. Plans hold private keys: they are
 * never logged, and nothing else that this room makes holds a byte of one.
 */
export { compileListener } from './compile-listener.ts';
export type { SNIEntry } from './compile-listener.ts';
export { compileRoute, takenProblem } from './compile-route.ts';
export { compileGateway } from './compile-gateway.ts';
export { routeBasePath, servesAPI } from './serving.ts';
export { settingsProblem } from './settings.ts';
export { countsFor } from './endpoint-certificates.ts';
export { hostProfile } from './host-profile.ts';
export type { GatewayLookup } from './lookup.ts';
export type {
  AnchorPlan,
  AppliedEndpointCertificate,
  Compiled,
  GatewayPlan,
  GatewayProblem,
  IdentityPlan,
  ListenerPlan,
  PlanWarning,
  RoutePlan,
  UpstreamPlan,
} from './plans.ts';
