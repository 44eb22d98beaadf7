/**
 * Chancery's own gateway: the TLS data plane, which takes plans of `#model/gateways` and serves by them, and the node that
 * watches the API, feeds the data plane, proves what it loaded and reports it.
 *
 * Not here: which material belongs to which host (compiled in `#model/gateways`), and the store (a node speaks to the API).
 *
 * Invariants: a change of one host or API touches no other and no open connection, unless trust is taken away; what the TLS
 * engine refuses never replaces what serves; nothing resumes and no pooled connection is used across a change of trust;
 * a caller's `Client-Cert` never reaches a backend.
 */
export { openGateway } from './open-gateway.ts';
export type {
  Gateway,
  GatewayChange,
  GatewayLog,
  GatewayOptions,
  GatewayStats,
  RefusedPart,
  UnavailableRoute,
} from './gateway.ts';
export type { GatewayLimits } from './limits.ts';
export { startGatewayNode } from './node/start-gateway-node.ts';
export type { GatewayNode } from './node/start-gateway-node.ts';
export type { GatewayNodeOptions } from './node/node-options.ts';
