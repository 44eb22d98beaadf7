/**
 * Workloads resolved: what every instance of one shall present and trust, with the generation that reports about it must
 * name; how far the instances are with it; and who connects to whom with which certificate against which trust, which is what a rotation must keep working.
 *
 * Also what a node of a gateway reports of a material, from what it has loaded and proven.
 *
 * Not here: when a rotation may go on. Invariants: pure; what cannot be resolved is a
 * Problem and keeps what was there before; the generation of a material grows exactly when the material changes; the links
 * do not depend on the order of the Workloads.
 */
export { desiredMaterials, wantedMaterials } from './desired-materials.ts';
export type { DesiredIdentity, DesiredMaterial, DesiredTrust, UnresolvedMaterial } from './desired-materials.ts';
export { gatewayReport } from './gateway-material.ts';
export type { MaterialUse, UseProof } from './gateway-material.ts';
export { restsOnStore } from './store-walk.ts';
export { workloadStatus } from './status.ts';
export type { WorkloadVerdict } from './status.ts';
export { isGone, nextSilence } from './instance-progress.ts';
export type { Reports } from './instance-progress.ts';
export { hasReached } from './reached.ts';
export { linksOf } from './links.ts';
export type { Link, LinkEnd, LinkProblem, LinkProblemReason, Links } from './link.ts';
