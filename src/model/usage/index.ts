/**
 * Who uses what: from a certificate, a Secret, a store, a profile or an endpoint certificate up to the APIs, gateways and
 * nodes that rest on it, each with the way there.
 *
 * Not here: whether use forbids anything. Invariants: pure; whoever is listed really refers to the subject, over the
 * references named with it; the order is stable.
 */
export { whereUsed } from './where-used.ts';
export type { UsageSnapshot } from './snapshot.ts';
export type { UsageSubject, UsedBy, UserKind } from './used-by.ts';
