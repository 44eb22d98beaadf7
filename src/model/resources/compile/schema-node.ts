import assert from 'node:assert/strict';
import type { TSchema } from 'typebox';

export type NodeType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** One place of a structural schema, made ready for walking. */
export interface SchemaNode {
  readonly type: NodeType;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly required: readonly string[];
  /** Values of free keys. */
  readonly additional: SchemaNode | undefined;
  readonly items: SchemaNode | undefined;
  /** Everything below is kept and not looked at. */
  readonly open: boolean;
  /** Null counts as absent, as it does where Kubernetes decodes into typed objects. */
  readonly dropsNull: boolean;
  readonly enum: readonly string[] | undefined;
  readonly pattern: RegExp | undefined;
  readonly minLength: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly isTime: boolean;
  /** Fields by which items of a list map are told apart; empty for a set; undefined when duplicates are allowed. */
  readonly uniqueBy: readonly string[] | undefined;
}

const understood = new Set(
  'type properties required additionalProperties items description enum pattern minLength minimum maximum format'.split(
    ' ',
  ),
);

type SchemaRecord = Record<string, unknown>;

/** `dropsNull` holds for the whole tree. A keyword that would be checked by one walk and not by another is a bug. */
export function schemaNode(schema: TSchema, dropsNull: boolean): SchemaNode {
  const from = schema as SchemaRecord;
  for (const keyword of Object.keys(from)) {
    assert(
      understood.has(keyword) || keyword.startsWith('x-kubernetes-'),
      `schema keyword ${keyword} is not supported`,
    );
  }
  const child = (value: unknown) => (value === undefined ? undefined : schemaNode(value as TSchema, dropsNull));
  return {
    type: from['type'] as NodeType,
    properties: propertiesOf(from, dropsNull),
    required: (from['required'] ?? []) as string[],
    additional: child(from['additionalProperties']),
    items: child(from['items']),
    open: from['x-kubernetes-preserve-unknown-fields'] === true,
    dropsNull,
    ...valueRules(from),
    uniqueBy: uniqueBy(from),
  };
}

function propertiesOf(from: SchemaRecord, dropsNull: boolean): Map<string, SchemaNode> {
  const entries = Object.entries((from['properties'] ?? {}) as Record<string, TSchema>);
  return new Map(entries.map(([name, schema]) => [name, schemaNode(schema, dropsNull || name === 'metadata')]));
}

function valueRules(from: SchemaRecord) {
  return {
    enum: from['enum'] as string[] | undefined,
    pattern: from['pattern'] === undefined ? undefined : new RegExp(from['pattern'] as string, 'u'),
    minLength: from['minLength'] as number | undefined,
    minimum: from['minimum'] as number | undefined,
    maximum: from['maximum'] as number | undefined,
    isTime: from['format'] === 'date-time',
  };
}

function uniqueBy(from: SchemaRecord): readonly string[] | undefined {
  if (from['x-kubernetes-list-type'] === 'set') return [];
  return from['x-kubernetes-list-map-keys'] as string[] | undefined;
}

export type JsonRecord = Record<string, unknown>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
