import type { Draft, FieldError, KubeObject } from '#model/objects';
import type { Kind } from '../kind.ts';

/** A kind's schema, made ready once: each method costs microseconds and keeps no state. */
export interface CompiledKind<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  /**
   * The draft without fields the schema does not know, and their paths (`spec.foo`, `spec.usages[0].x`) in document
   * order. The same draft when there are none; never changes its argument. Nulls in `metadata` and in core kinds are
   * dropped as if they had not been sent.
   */
  prune(draft: Draft<T>): { readonly draft: Draft<T>; readonly unknown: readonly string[] };
  /** Every way in which the object breaks the schema, in Kubernetes' wording; empty when it keeps it. */
  validate(object: Draft<T>): FieldError[];
}
