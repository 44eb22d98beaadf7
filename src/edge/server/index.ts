/**
 * The API server: the Kubernetes API's shape over HTTPS, from the kinds' definitions and one ResourceStore. Knows no
 * kind by name but the self-review kinds that it answers itself; never signs, never reads a file. Invariants: a request
 * without identity learns nothing but that the server lives; a parameter that changes the meaning of a request is obeyed
 * or refused; every failure is a Status; what one client may make the server hold is bounded.
 */
export { startServer } from './start-server.ts';
export type { RunningServer } from './start-server.ts';
export { administrators, agents, gateways, viewers } from './identity/authorize.ts';
export type {
  AgentAction,
  AgentSource,
  AuditEntry,
  ExpirySource,
  ServerLimits,
  ServerLogger,
  ServerOptions,
  TLSMaterial,
} from './server-options.ts';
export type { DeletionContext, DeletionGuard, DeletionRefusal } from './deletion-guard.ts';
export type { TokenEntry } from './identity/tokens.ts';
