import type { Kind } from '../kind.ts';
import { apiVersionOf } from '../registry.ts';
import { clientSchema } from './plain-schema.ts';
import type { SchemaObject } from './plain-schema.ts';

/** The reference page of a kind, Markdown. */
export function referencePage(kind: Kind): string {
  return [
    `# ${kind.kind}`,
    '<!-- Generated from the definition of the kind; change that, then run the generator. -->',
    kind.description,
    table(['', ''], facts(kind)),
    '## Fields',
    table(
      ['Field', 'Type', 'Description'],
      fieldRows(clientSchema(kind, { type: 'object', description: 'Standard object metadata.' }), ''),
    ),
    '## Columns',
    table(['Column', 'Where', 'Shown'], columnRows(kind)),
    '',
  ].join('\n\n');
}

const code = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(', ') || 'none';

function facts(kind: Kind): string[][] {
  return [
    ['API version', code([apiVersionOf(kind)])],
    ['Plural', code([kind.plural])],
    ['Short names', code(kind.shortNames)],
    ['Scope', kind.namespaced ? 'a namespace' : 'the whole installation'],
    [
      'Field selectors',
      code(['metadata.name', ...(kind.namespaced ? ['metadata.namespace'] : []), ...kind.selectableFields]),
    ],
    ['Encrypted at rest', kind.confidential ? 'yes' : 'no'],
  ];
}

const columnRows = ({ printerColumns }: Kind): string[][] =>
  printerColumns.map(({ name, jsonPath, priority, description }) => [
    name,
    jsonPath === '' ? (description ?? '') : `\`${jsonPath}\``,
    priority === 1 ? '`-o wide`' : 'always',
  ]);

/** One row for each field, depth first, under its dotted path. */
function fieldRows(schema: SchemaObject, path: string): string[][] {
  const required = (schema['required'] ?? []) as string[];
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, SchemaObject>);
  return fields.flatMap(([name, field]) => {
    const place = path === '' ? name : `${path}.${name}`;
    const type = `${typeText(field)}${required.includes(name) ? ', required' : ''}`;
    return [[code([place]), type, descriptionOf(field)]].concat(rowsBelow(field, place));
  });
}

function rowsBelow(field: SchemaObject, place: string): string[][] {
  if (field['type'] === 'array') return fieldRows(field['items'] as SchemaObject, `${place}[]`);
  const values = field['additionalProperties'] as SchemaObject | undefined;
  return values === undefined ? fieldRows(field, place) : fieldRows(values, `${place}.*`);
}

function typeText(field: SchemaObject): string {
  const { type, format, items, additionalProperties: values } = field;
  if (type === 'array') return `list of ${typeText(items as SchemaObject)}`;
  if (values !== undefined) return `map to ${typeText(values as SchemaObject)}`;
  return typeof format === 'string' ? `${type as string} (${format})` : (type as string);
}

function descriptionOf(field: SchemaObject): string {
  const text = (field['description'] ?? '') as string;
  const choices = (field['enum'] ?? (field['items'] as SchemaObject | undefined)?.['enum']) as string[] | undefined;
  return choices === undefined ? text : `${text} One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.`;
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
