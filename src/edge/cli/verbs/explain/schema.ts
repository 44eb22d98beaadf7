/** What explain reads of an OpenAPI v3 schema. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** Schemas by the name that references use. */
export type Schemas = Readonly<Record<string, Schema>>;

/** The schema itself behind references; a description beside a reference belongs to the field and wins. */
export function resolveSchema(schemas: Schemas, schema: Schema): Schema {
  const target = referenceOf(schema);
  if (target === undefined) return schema;
  const resolved = schemas[target] ?? {};
  return schema.description === undefined ? resolved : { ...resolved, description: schema.description };
}

function referenceOf(schema: Schema): string | undefined {
  return (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split('/').at(-1);
}

/** The fields of an object, or of a list's items, or of a map's values. */
export function fieldsOf(schemas: Schemas, schema: Schema): Readonly<Record<string, Schema>> {
  return holderOf(schemas, schema).properties ?? {};
}

export function requiredFieldsOf(schemas: Schemas, schema: Schema): readonly string[] {
  return holderOf(schemas, schema).required ?? [];
}

function holderOf(schemas: Schemas, schema: Schema): Schema {
  const resolved = resolveSchema(schemas, schema);
  if (resolved.properties !== undefined) return resolved;
  if (resolved.items !== undefined) return holderOf(schemas, resolved.items);
  return typeof resolved.additionalProperties === 'object'
    ? holderOf(schemas, resolved.additionalProperties)
    : resolved;
}

/** A type in kubectl's notation: `string`, `[]Object`, `map[string]string`, `ObjectMeta`. */
export function typeName(schemas: Schemas, field: Schema): string {
  const reference = referenceOf(field);
  const schema = resolveSchema(schemas, field);
  if (reference !== undefined && schema.type === 'object') return reference.split('.').at(-1)!;
  if (schema.type === 'array') return `[]${typeName(schemas, schema.items ?? {})}`;
  if (typeof schema.additionalProperties === 'object')
    return `map[string]${typeName(schemas, schema.additionalProperties)}`;
  return schema.type === undefined || schema.type === 'object' ? 'Object' : schema.type;
}
