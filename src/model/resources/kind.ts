import type { TSchema } from 'typebox';
import type { Draft, FieldError, Json, KubeObject } from '#model/objects';

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | 'number';
  /** Kubernetes' JSONPath subset: `.status.conditions[?(@.type=="Ready")].status`. */
  readonly jsonPath: string;
  readonly description?: string;
  /** 0 always, 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
  readonly format?: string;
  /**
   * Computes the value where no path can (counts, fall-backs); then wins over `jsonPath`. The value is rendered by
   * `type`, as one found by path would be. Core kinds only: a CRD manifest cannot carry it.
   */
  cell?(object: KubeObject): Json | undefined;
}

/** The values under which an object is found in an index; none when it is not in it. */
export type IndexTerms<T> = { terms(object: T): readonly string[] }['terms'];

/** Who asks, as the API server authenticated them; controllers have an identity of their own. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AdmissionContext {
  readonly now: Date;
  readonly user: UserInfo;
  /** Set when only that subresource is being written. */
  readonly subresource?: 'status';
}

/**
 * One kind, whole: everything the store, the API server, the CLI, the CRD manifest and the reference page know of it
 * comes from this value.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly description: string;
  /** Structural schema of the whole object, with `apiVersion`, `kind`, `metadata`. */
  readonly schema: TSchema;
  /** What `kubectl get` shows after the name; a kind that has its own column `Name` gets no implied one. */
  readonly printerColumns: readonly PrinterColumn[];
  /** Field selectors beyond metadata.name and metadata.namespace: `spec.issuerRef.name`. */
  readonly selectableFields: readonly string[];
  readonly hasStatus: boolean;
  /** Core kinds accept strategic merge patches; others answer 415 to them. */
  readonly strategicMerge: boolean;
  /** Values of this kind are encrypted at rest. */
  readonly confidential: boolean;
  /** Top-level fields that count for `metadata.generation` are all but metadata and status; false switches generation off. */
  readonly hasGeneration: boolean;
  /** Name index -> the values under which an object is found in it (`store.list(..., { index })`). Sorted as bytes. */
  readonly indexes: Readonly<Record<string, IndexTerms<T>>>;
  /**
   * Changes a draft before schema and rules see it: folds `stringData`, stamps the requester, sets defaults outside
   * lists. Runs after a client's status was dropped on create, so a status set here is kept. Pure: answers a new draft,
   * or the same one when there is nothing to change; must cope with a draft that its schema would refuse.
   */
  admit?(next: Draft<T>, previous: T | undefined, context: AdmissionContext): Draft<T>;
  /**
   * Why this user may not make this change, though it keeps every rule; `next` is undefined for a deletion. Asked of drafts
   * that keep the schema.
   */
  guard?(next: T | undefined, previous: T | undefined, context: AdmissionContext): string | undefined;
  /** The rules of the kind, beyond the schema, for objects that keep it. `previous` is set on updates. */
  validate?(next: T, previous: T | undefined, context: AdmissionContext): FieldError[];
  /** Remarks for the client, sent as `Warning` headers. */
  warnings?(next: T, context: AdmissionContext): string[];
}

/** All kinds of one installation. */
export interface KindRegistry {
  readonly kinds: readonly Kind[];
  /** Kind by group, and plural or kind name; undefined when there is none. */
  byPlural(group: string, version: string, plural: string): Kind | undefined;
  byKind(apiVersion: string, kind: string): Kind | undefined;
}
