import type { KubeObject } from '#model/objects';
import type { PreparedKind } from '../prepared-kind.ts';
import type { WriteOptions } from '../resource-store.ts';

/** What every decision about a write knows. */
export interface WriteContext {
  readonly prepared: PreparedKind;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly options: WriteOptions;
  readonly now: Date;
  readonly newUid: () => string;
  readonly warn: (text: string) => void;
}

/** What a write comes to. Objects in it are complete but for the resourceVersion that the commit gives. */
export type Plan =
  | { readonly change: 'none'; readonly object: KubeObject }
  | { readonly change: 'put'; readonly object: KubeObject }
  /** `object`: its last state, when the write was not a delete itself. */
  | { readonly change: 'delete'; readonly object?: KubeObject };
