import type { Draft, KubeObject, ManagedFieldsEntry } from '../object.ts';
import type { FieldSchema } from '../fields/schema-nodes.ts';

/** What every write that touches managed fields says of itself. */
export interface WriteBy {
  /** Field manager; `kubectl` has the special rules of client-side apply's successor. */
  readonly manager: string;
  /** `apiVersion` under which the fields are written. */
  readonly apiVersion: string;
  readonly schema: FieldSchema;
  readonly now: Date;
  /** Set for a write through that subresource: it has an entry of its own. */
  readonly subresource?: 'status' | undefined;
}

export interface ApplyRequest extends WriteBy {
  /** Undefined: the apply creates the object. */
  readonly live: KubeObject | undefined;
  readonly applied: Draft;
  /** Take fields over from other managers instead of reporting conflicts. */
  readonly force: boolean;
  /** Top-level fields that this write may not change: `status` on the main endpoint of kinds that have one. */
  readonly ignore?: readonly string[];
}

/** One field that another manager owns with another value. */
export interface FieldConflict {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  /** `.spec.dnsNames`, `.status.conditions[type="Ready"].reason` */
  readonly field: string;
}

/** The object to store, managed fields included; or the conflicts that stand in the way. */
export type ApplyOutcome<T extends KubeObject = KubeObject> =
  | { readonly conflicts: readonly []; readonly object: Draft<T> }
  | { readonly conflicts: readonly [FieldConflict, ...FieldConflict[]]; readonly object: undefined };

export interface UpdateRequest extends WriteBy {
  /** Undefined: the write creates the object. */
  readonly live: KubeObject | undefined;
  /** The object to be stored; its own `managedFields`, when the client sent any, are honoured or reset (`[{}]`). */
  readonly next: Draft;
}

export type ManagedFields = readonly ManagedFieldsEntry[];
