/**
 * What is told of profiles, APIs, gateways, nodes, stores and endpoint certificates: the status that each shall have, from
 * what is known around it, and when time alone will change it.
 *
 * Not here: reading what is around, and writing; how stores are read (`#model/stores`), how near an end is
 * (`#model/expiry`). Invariants: pure; a condition keeps its time of transition as long as its status is the same; the
 * same surroundings give an equal status, so that nothing is written twice.
 */
export { apiStatus } from './api-status.ts';
export type { NamedProfile } from './api-status.ts';
export { endpointCertificateStatus, mostShared, readContents } from './endpoint-certificate-status.ts';
export { callsEndpoint, usersAmong } from './endpoint-uses.ts';
export { gatewayStatus } from './gateway-status.ts';
export { lifeOfNode } from './node-life.ts';
export { nodeProgress } from './node-progress.ts';
export { changesBetween, reportOf } from './node-reports.ts';
export type { NodeReport } from './node-reports.ts';
export { callsWith, isDefault, productionGateways } from './production-use.ts';
export { productionWarning, profileStatus } from './profile-status.ts';
export type { NamedStore, Profile } from './profile-status.ts';
export { withExpiry } from './store-expiry.ts';
