/**
 * Revisioned objects behind one interface, with one contract suite for every backend. Knows kinds only through their
 * definitions. Invariants: a write is durable when answered, revisions have no gaps, an unchanged write is no write.
 */
export type * from './resource-store.ts';
export type * from './kv.ts';
