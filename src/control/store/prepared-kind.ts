import { compileFieldSchema } from '#model/objects';
import type { FieldSchema } from '#model/objects';
import { apiVersionOf, compileKind } from '#model/resources';
import type { CompiledKind, Kind } from '#model/resources';

/** A kind with everything that is compiled from it once. */
export interface PreparedKind {
  readonly kind: Kind;
  readonly apiVersion: string;
  readonly compiled: CompiledKind;
  readonly fields: FieldSchema;
}

/** Answers each kind prepared, doing the work at its first use. */
export function kindPreparer(): (kind: Kind) => PreparedKind {
  const prepared = new Map<Kind, PreparedKind>();
  return (kind) => {
    const known = prepared.get(kind);
    if (known !== undefined) return known;
    const made = {
      kind,
      apiVersion: apiVersionOf(kind),
      compiled: compileKind(kind),
      fields: compileFieldSchema(kind.schema),
    };
    prepared.set(kind, made);
    return made;
  };
}
