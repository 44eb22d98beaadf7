import { CodedError } from '#errors';
import { withAccess, type AccessOptions } from '../access.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind, type ServedKind } from '../kinds.ts';

export interface ExplainOptions extends AccessOptions {
  readonly recursive?: boolean;
}

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

type Schemas = Readonly<Record<string, Schema>>;

/** `chancery explain TYPE[.FIELD...]`: what a kind or a field of it means, from the server's own schema. */
export async function explain(io: CliIO, path: string, options: ExplainOptions): Promise<ExitCode> {
  return withAccess(io, options, async ({ client }) => {
    const [type, ...fields] = path.split('.');
    const kind = findKind(await discoverKinds(client), type!);
    const schemas = await fetchSchemas(client, kind);
    const found = walk(schemas, rootSchema(schemas, kind), fields, path);
    io.out(formatHeading(kind, fields, found));
    io.out(formatFields(schemas, found, options.recursive ?? false));
    return exitCodes.done;
  });
}

async function fetchSchemas(
  client: { json: <T>(request: { method: string; path: string }) => Promise<T> },
  kind: ServedKind,
): Promise<Schemas> {
  const path = kind.group === '' ? `/openapi/v3/api/${kind.version}` : `/openapi/v3/apis/${kind.group}/${kind.version}`;
  const { components } = await client.json<{ components: { schemas: Schemas } }>({ method: 'GET', path });
  return components.schemas;
}

function rootSchema(schemas: Schemas, kind: ServedKind): Schema {
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((it) => it.kind === kind.kind && it.group === kind.group),
  );
  if (root === undefined) throw new CodedError('not-found', `the server has no schema for ${kind.plural}`);
  return root;
}

function walk(schemas: Schemas, root: Schema, fields: readonly string[], path: string): Schema {
  let schema = resolve(schemas, root);
  for (const field of fields) {
    const next = members(schemas, schema)[field];
    if (next === undefined) {
      const known = Object.keys(members(schemas, schema)).join(', ');
      throw new CodedError(
        'not-found',
        `field "${field}" does not exist in ${path}`,
        known === '' ? {} : { hint: `There is: ${known}.` },
      );
    }
    schema = resolve(schemas, next);
  }
  return schema;
}

/** Follows references; a description beside `allOf` belongs to the field and wins. */
function resolve(schemas: Schemas, schema: Schema): Schema {
  const target = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (target === undefined) return schema;
  const resolved = schemas[target.split('/').at(-1)!] ?? {};
  return { ...resolved, ...(schema.description === undefined ? {} : { description: schema.description }) };
}

function members(schemas: Schemas, schema: Schema): Readonly<Record<string, Schema>> {
  if (schema.properties !== undefined) return schema.properties;
  if (schema.items !== undefined) return members(schemas, resolve(schemas, schema.items));
  return {};
}

function typeName(schemas: Schemas, field: Schema): string {
  const schema = resolve(schemas, field);
  if (schema.type === 'array') return `[]${typeName(schemas, schema.items ?? {})}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map[string]${typeName(schemas, schema.additionalProperties)}`;
  }
  return schema.type === 'object' ? 'Object' : (schema.type ?? 'Object');
}

function formatHeading(kind: ServedKind, fields: readonly string[], schema: Schema): string {
  const lines = [
    ...(kind.group === '' ? [] : [`GROUP:      ${kind.group}`]),
    `KIND:       ${kind.kind}`,
    `VERSION:    ${kind.version}`,
  ];
  if (fields.length > 0) lines.push('', `FIELD: ${fields.at(-1)} <${typeName({}, schema)}>`);
  const values = schema.enum === undefined ? [] : [`VALUES: ${schema.enum.map(String).join(', ')}`];
  return `${[...lines, '', 'DESCRIPTION:', indent(schema.description ?? '<empty>', '    '), ...values].join('\n')}\n`;
}

function formatFields(schemas: Schemas, schema: Schema, recursive: boolean): string {
  const text = listFields(schemas, schema, recursive, '  ');
  return text === '' ? '' : `\nFIELDS:\n${text}`;
}

function listFields(schemas: Schemas, schema: Schema, recursive: boolean, margin: string): string {
  const required = schema.required ?? [];
  return Object.entries(members(schemas, schema))
    .map(([name, field]) => {
      const head = `${margin}${name}\t<${typeName(schemas, field)}>${required.includes(name) ? ' -required-' : ''}\n`;
      if (recursive) return head + listFields(schemas, resolve(schemas, field), true, `${margin}  `);
      return `${head}${indent(resolve(schemas, field).description ?? '<no description>', `${margin}  `)}\n\n`;
    })
    .join('');
}

const lineWidth = 80;

function indent(text: string, margin: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > lineWidth - margin.length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${margin}${line}`).join('\n');
}
