import { list, map, scalar, untyped, type FieldSchema, type ListSchema, type MapSchema } from './schema-nodes.ts';
import { envelopeFields } from './object-meta-schema.ts';

/** The parts of a structural JSON Schema that decide who may own what. */
interface StructuralSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly patternProperties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: boolean | StructuralSchema;
  readonly items?: StructuralSchema;
  readonly default?: unknown;
  readonly anyOf?: readonly StructuralSchema[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/**
 * The schema view of one kind, from its JSON Schema with the extensions x-kubernetes-list-type, -list-map-keys and
 * -map-type. Lists are atomic unless they say otherwise; places without a type own each key of a map on its own.
 * `metadata` always has Kubernetes' own rules. Compile once for each kind.
 */
export function compileFieldSchema(schema: object): FieldSchema {
  const root = compile(schema);
  if (root.kind !== 'map') return root;
  return map(new Map([...root.fields, ...envelopeFields]), root.rest, root.atomic);
}

function compile(schema: StructuralSchema): FieldSchema {
  if (schema['x-kubernetes-int-or-string'] === true) return scalar;
  if (schema.properties || schema.patternProperties || typeOf(schema) === 'object') return compileMap(schema);
  if (typeOf(schema) === 'array') return compileList(schema);
  return typeOf(schema) === undefined ? compileChoice(schema) : scalar;
}

function typeOf(schema: StructuralSchema): string | undefined {
  return typeof schema.type === 'string' ? schema.type : schema.type?.find((name) => name !== 'null');
}

/** A union of literals is a scalar; any other place without a type is whatever its value is. */
function compileChoice(schema: StructuralSchema): FieldSchema {
  const choices = schema.anyOf?.map(compile) ?? [];
  const concrete = choices.find((choice) => choice.kind !== 'scalar');
  return choices.length === 0 ? untyped : (concrete ?? scalar);
}

function compileMap(schema: StructuralSchema): MapSchema {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, compile(field)] as const);
  return map(new Map(fields), compileRest(schema), schema['x-kubernetes-map-type'] === 'atomic');
}

function compileRest(schema: StructuralSchema): FieldSchema {
  const patterns = Object.values(schema.patternProperties ?? {});
  if (patterns[0] !== undefined) return compile(patterns[0]);
  return typeof schema.additionalProperties === 'object' ? compile(schema.additionalProperties) : untyped;
}

function compileList(schema: StructuralSchema): ListSchema {
  const items = schema.items ?? {};
  const relation = schema['x-kubernetes-list-type'];
  if (relation === 'set') return list(compile(items), 'set');
  if (relation !== 'map') return list(compile(items), 'atomic');
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return list(compile(items), 'map', keys, defaultsOf(items, keys));
}

function defaultsOf(items: StructuralSchema, keys: readonly string[]): Record<string, unknown> {
  const defaults = keys.map((key) => [key, items.properties?.[key]?.default] as const);
  return Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
}
