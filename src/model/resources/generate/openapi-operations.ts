import type { Json } from '#model/objects';
import type { Kind } from '../kind.ts';
import { metaSchemas, schemaName, schemaRef } from './openapi-schemas.ts';
import type { SchemaObject } from './plain-schema.ts';

const query = (name: string, type: string, description: string): SchemaObject => ({
  name,
  in: 'query',
  description,
  schema: { type, uniqueItems: true },
});

const write = [
  query('dryRun', 'string', 'All: check everything, keep nothing.'),
  query('fieldManager', 'string', 'Who owns the written fields.'),
  query(
    'fieldValidation',
    'string',
    'Strict refuses unknown and repeated fields, Warn tells of them, Ignore drops them.',
  ),
];

const force = query('force', 'boolean', 'Take over fields that other managers own. Apply patches only.');

const select = [
  query('labelSelector', 'string', 'Labels the objects must have.'),
  query('fieldSelector', 'string', 'Fields the objects must have.'),
  query('resourceVersion', 'string', 'Revision to read at, or to watch from.'),
  query('resourceVersionMatch', 'string', 'Exact or NotOlderThan.'),
  query('limit', 'integer', 'Most objects of one answer.'),
  query('continue', 'string', 'Token of the previous page.'),
];

const watch = [
  query('watch', 'boolean', 'Follow the changes instead of listing.'),
  query('allowWatchBookmarks', 'boolean', 'Tell from time to time which revision was reached.'),
  query('sendInitialEvents', 'boolean', 'Begin with the current objects.'),
  query('timeoutSeconds', 'integer', 'End the watch after that time.'),
];

const remove = [
  query('dryRun', 'string', 'All: check everything, keep nothing.'),
  query('propagationPolicy', 'string', 'Background, Foreground or Orphan: what becomes of the objects it owns.'),
];

interface Operation {
  readonly action: string;
  readonly id: string;
  readonly parameters: readonly SchemaObject[];
  readonly body?: Json;
  readonly answer: string;
}

/** The operations of a path by HTTP method. */
export type PathItem = SchemaObject;

export function listPath(kind: Kind): PathItem {
  return { get: operation(kind, listing(kind, '')) };
}

export function collectionPath(kind: Kind): PathItem {
  const object = schemaName(kind);
  const create = { action: 'post', id: 'create', parameters: write, body: jsonBody(object), answer: object };
  const removeAll = {
    action: 'deletecollection',
    id: 'deleteCollection',
    parameters: [...remove, ...select],
    answer: metaSchemas.status,
  };
  return {
    get: operation(kind, listing(kind, 'Namespaced')),
    post: operation(kind, create),
    delete: operation(kind, removeAll),
  };
}

const listing = (kind: Kind, scope: string): Operation => ({
  action: 'list',
  id: `list${kind.namespaced ? scope : ''}`,
  parameters: [...select, ...watch],
  answer: `${schemaName(kind)}List`,
});

export function objectPath(kind: Kind): PathItem {
  const body = jsonBody(metaSchemas.deleteOptions);
  const removal = { action: 'delete', id: 'delete', parameters: remove, body, answer: metaSchemas.status };
  return { ...readAndWrite(kind, ''), delete: operation(kind, removal) };
}

export const statusPath = (kind: Kind): PathItem => readAndWrite(kind, 'Status');

function readAndWrite(kind: Kind, part: string): PathItem {
  const answer = schemaName(kind);
  return {
    get: operation(kind, { action: 'get', id: `read${part}`, parameters: [], answer }),
    put: operation(kind, { action: 'put', id: `replace${part}`, parameters: write, body: jsonBody(answer), answer }),
    patch: operation(kind, {
      action: 'patch',
      id: `patch${part}`,
      parameters: [...write, force],
      body: patchBody(kind),
      answer,
    }),
  };
}

function operation(kind: Kind, { action, id, parameters, body, answer }: Operation): SchemaObject {
  const { group, version } = kind;
  return {
    operationId: `${id}${group === '' ? 'Core' : group.replaceAll(/\W/g, '')}${version.toUpperCase()}${kind.kind}`,
    description: `${id} ${kind.kind}`,
    parameters: [...parameters],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { '200': { description: 'OK', content: { 'application/json': { schema: schemaRef(answer) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
  };
}

const jsonBody = (schema: string): Json => ({ content: { 'application/json': { schema: schemaRef(schema) } } });

function patchBody(kind: Kind): Json {
  const types = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
  if (kind.strategicMerge) types.push('application/strategic-merge-patch+json');
  const schema = schemaRef(metaSchemas.patch);
  return { content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}
