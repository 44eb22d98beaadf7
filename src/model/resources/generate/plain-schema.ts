import type { Json } from '#model/objects';
import type { Kind } from '../kind.ts';

export type SchemaObject = { [keyword: string]: Json | undefined };

/** The schema as plain JSON, which also leaves out what the type library keeps beside it. */
export const plainSchema = (kind: Kind): SchemaObject => JSON.parse(JSON.stringify(kind.schema)) as SchemaObject;

/**
 * The schema of a whole object as clients meet it: they may leave out what the server fills in, and `metadata` is
 * described elsewhere.
 */
export function clientSchema(kind: Kind, metadata: SchemaObject): SchemaObject {
  const { properties, required, ...rest } = plainSchema(kind);
  const own = (required as string[]).filter((field) => !['apiVersion', 'kind', 'metadata'].includes(field));
  return {
    ...rest,
    ...(own.length > 0 ? { required: own } : {}),
    properties: { ...(properties as SchemaObject), metadata },
  };
}
