/**
 * Revisioned objects behind one interface, with one contract suite for every backend. Knows kinds only through their
 * definitions. Invariants: a write is durable when answered, revisions have no gaps, an unchanged write is no write.
 * Objects handed out are deeply frozen and shared: to change one, write `{ ...object, status: next }`.
 */
export type * from './resource-store.ts';
export type * from './kv.ts';
export { openMemoryStore } from './open.ts';
export type { StoreOptions } from './open.ts';
export { openSqliteStore, rotateSecretsKey } from './open-sqlite.ts';
export type { DataDirectoryOptions, SqliteStoreOptions } from './open-sqlite.ts';
export type { Rotation } from './encryption/rotate-keys.ts';
export type { RetentionPolicy } from './retention.ts';
export { objectText } from './object-text.ts';
export { ownerIndex } from './terms.ts';
export { foregroundFinalizer, orphanFinalizer } from './write/finalizers.ts';
