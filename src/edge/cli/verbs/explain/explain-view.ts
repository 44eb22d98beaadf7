import type { ServedKind } from '../../server/kinds.ts';
import { fieldsOf, requiredFieldsOf, resolveSchema, typeName, type Schema, type Schemas } from './schema.ts';

/** One kind, or one field of it. */
export interface Explained {
  readonly kind: ServedKind;
  /** Undefined for the kind itself. */
  readonly field: string | undefined;
  /** As it is where it is used, references and all. */
  readonly schema: Schema;
}

/** An explanation as kubectl prints it; `isRecursive` lists all fields below, without their descriptions. */
export function formatExplanation(schemas: Schemas, explained: Explained, isRecursive: boolean): string {
  const { description } = resolveSchema(schemas, explained.schema);
  return [
    formatHeading(explained.kind),
    explained.field === undefined ? '' : `${formatField(schemas, explained.field, explained.schema)}\n`,
    `DESCRIPTION:\n${wrap(description ?? '<empty>', '    ')}\n\n`,
    formatFields(schemas, explained.schema, isRecursive),
  ].join('');
}

function formatHeading({ group, kind, version }: ServedKind): string {
  return `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
}

function formatField(schemas: Schemas, name: string, schema: Schema): string {
  const values = resolveSchema(schemas, schema).enum;
  const list = values === undefined ? '' : `ENUM:\n${values.map((value) => `    ${String(value)}\n`).join('')}`;
  return `FIELD: ${name} <${typeName(schemas, schema)}>\n${list}`;
}

function formatFields(schemas: Schemas, schema: Schema, isRecursive: boolean): string {
  const lines = isRecursive ? listFields(schemas, schema, '  ') : describeFields(schemas, schema);
  return lines === '' ? '' : `FIELDS:\n${lines}\n`;
}

function describeFields(schemas: Schemas, schema: Schema): string {
  return eachField(schemas, schema, '  ', (field) => {
    const { description } = resolveSchema(schemas, field);
    return `${wrap(description ?? '<no description>', '    ')}\n\n`;
  });
}

function listFields(schemas: Schemas, schema: Schema, margin: string): string {
  return eachField(schemas, schema, margin, (field) => listFields(schemas, field, `${margin}  `));
}

function eachField(schemas: Schemas, schema: Schema, margin: string, below: (field: Schema) => string): string {
  const required = requiredFieldsOf(schemas, schema);
  return Object.entries(fieldsOf(schemas, schema))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => {
      const values = resolveSchema(schemas, field).enum?.map(String).join(', ');
      const head = `${margin}${name}\t<${typeName(schemas, field)}>${required.includes(name) ? ' -required-' : ''}\n`;
      return `${head}${values === undefined ? '' : `${margin}enum: ${values}\n`}${below(field)}`;
    })
    .join('');
}

const lineWidth = 80;

function wrap(text: string, margin: string): string {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > lineWidth - margin.length) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${margin}${line}`).join('\n');
}
