import { groupVersionsOf, openAPIDocument } from '#model/resources';
import type { Kind } from '#model/resources';

type Fields = { readonly [name: string]: unknown };

/** All kinds in one OpenAPI 2 document, for clients that know nothing newer. Derived from the OpenAPI 3 documents. */
export function swaggerDocument(kinds: readonly Kind[]): object {
  const documents = groupVersionsOf(kinds).map(
    ({ group, version }) => openAPIDocument(kinds, group, version) as Fields,
  );
  const definitions = documents.map((document) => (document['components'] as Fields)['schemas'] as Fields);
  return {
    swagger: '2.0',
    info: { title: 'Chancery', version: 'v1' },
    paths: Object.assign(
      {},
      ...documents.map((document) => mapFields(document['paths'] as Fields, pathItem)),
    ) as Fields,
    definitions: rewriteRefs(Object.assign({}, ...definitions)),
  };
}

function mapFields(fields: Fields, map: (value: Fields) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value as Fields)]));
}

function pathItem(item: Fields): Fields {
  const { parameters, ...operations } = item;
  const shared = parameters === undefined ? {} : { parameters: (parameters as Fields[]).map(parameter) };
  return { ...mapFields(operations, operation), ...shared };
}

function operation({ requestBody, parameters, responses, ...rest }: Fields): Fields {
  const content = (requestBody as { content?: Fields } | undefined)?.content;
  const body = content === undefined ? [] : [bodyParameter(content)];
  return {
    ...rest,
    parameters: [...((parameters ?? []) as Fields[]).map(parameter), ...body],
    ...(content === undefined ? {} : { consumes: Object.keys(content) }),
    produces: ['application/json'],
    responses: mapFields(responses as Fields, response),
  };
}

function parameter({ schema, ...rest }: Fields): Fields {
  return { ...rest, ...(schema as Fields) };
}

function bodyParameter(content: Fields): Fields {
  const [first] = Object.values(content) as Fields[];
  return { name: 'body', in: 'body', required: true, schema: rewriteRefs(first?.['schema']) };
}

function response({ content, ...rest }: Fields): Fields {
  const [first] = Object.values((content ?? {}) as Fields) as Fields[];
  return first === undefined ? rest : { ...rest, schema: rewriteRefs(first['schema']) };
}

function rewriteRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewriteRefs);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]: [string, unknown]) => [name, rewriteRef(name, item)]);
  return Object.fromEntries(entries) as Fields;
}

function rewriteRef(name: string, value: unknown): unknown {
  if (name !== '$ref' || typeof value !== 'string') return rewriteRefs(value);
  return value.replace('#/components/schemas/', '#/definitions/');
}
