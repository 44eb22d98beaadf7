/**
 * Keystores and truststores resolved: from an object that says where its material comes from, over the Secrets,
 * Certificates and other stores that it refers to, to the key with its chain and to the certificates that are trusted;
 * and the status that tells of it.
 *
 * Not here: fetching, waiting, writing. Objects are asked of a Lookup, which its maker may wrap to learn what an answer
 * rested on.
 *
 * Invariants: what cannot be resolved is a Problem, never an exception; no problem and no status holds a byte of a key or
 * a password; references stay within what their namespace may name; cycles end. What a memo remembers is known by the
 * version of the objects it came from, so it is never stale.
 */
export { objectTerm } from './lookup.ts';
export type { Lookup, ObjectPlace, ReferredKinds } from './lookup.ts';
export type { Outcome, Problem, ProblemReason } from './problem.ts';
export { profileTargetOf, targetOf } from './target.ts';
export { locateKeystore } from './keystore-source.ts';
export type { KeystoreSource } from './keystore-source.ts';
export { locateTruststore, rotationTrustKey } from './truststore-source.ts';
export type { TrustPart, TruststoreSource } from './truststore-source.ts';
export { bundleAt, trustedAnchors } from './bundle-at.ts';
export { createStoreMemo, noMemo } from './memo.ts';
export type { StoreMemo } from './memo.ts';
export { resolveKey, resolveKeystore, resolveTrust, resolveTruststore } from './resolve.ts';
export type { ResolvedKeystore, ResolvedTruststore } from './resolve.ts';
export { describeKeystore, describeTruststore } from './describe.ts';
export type { KeystoreFacts, TruststoreFacts } from './describe.ts';
export { dateFlaw } from './flaws.ts';
export { keystoreStatus, truststoreStatus } from './status.ts';
