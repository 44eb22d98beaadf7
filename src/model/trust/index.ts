/**
 * Bundles of trusted certificates: what the sources of a TrustBundle and the running Rotations make of it, in numbered
 * generations, and the files that it is written as.
 *
 * Not here: fetching and writing; when a Rotation adds or withdraws something. Invariants: pure; nothing leaves a bundle
 * because a source changed, failed or went; nothing that was withdrawn comes back because a source still gives it; the
 * last certificate stays; the generation grows exactly when the set of trusted certificates changes.
 */
export { resolveBundleSources } from './sources.ts';
export type { ResolvedSource } from './sources.ts';
export { trustedCertificates } from './trusted-certificates.ts';
export { trustedAnchors } from '#model/stores';
export { nextBundle } from './next-bundle.ts';
export type { BundleOrder, BundleSnapshot, NextBundle } from './next-bundle.ts';
export { bundleStatus } from './status.ts';
export { bundleTarget } from './target.ts';
export type { BundleTarget } from './target.ts';
export { bundleFiles } from './files.ts';
export type { BundleFileOptions, BundleFormat } from './files.ts';
export { trustDigest } from './trust-digest.ts';
