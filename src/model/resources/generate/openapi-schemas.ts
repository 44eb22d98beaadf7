import type { Json } from '#model/objects';
import { objectMetaSchema } from '../fields/object-meta.ts';
import type { Kind } from '../kind.ts';
import { clientSchema } from './plain-schema.ts';
import type { SchemaObject } from './plain-schema.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const metaSchemas = {
  objectMeta: `${meta}.ObjectMeta`,
  listMeta: `${meta}.ListMeta`,
  deleteOptions: `${meta}.DeleteOptions`,
  patch: `${meta}.Patch`,
  status: `${meta}.Status`,
} as const;

/** Name of a kind's schema as Kubernetes derives it: `io.k8s.api.core.v1.Secret`, `io.cert-manager.v1.Certificate`. */
export function schemaName({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): string {
  const prefix = group === '' ? 'io.k8s.api.core' : group.split('.').reverse().join('.');
  return `${prefix}.${version}.${kind}`;
}

export const schemaRef = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

/** Every schema that the document of these kinds refers to. */
export const componentSchemas = (kinds: readonly Kind[]): SchemaObject => ({
  ...Object.fromEntries(kinds.flatMap((kind) => [kindSchema(kind), listSchema(kind)])),
  [metaSchemas.objectMeta]: JSON.parse(JSON.stringify(objectMetaSchema)) as Json,
  [metaSchemas.listMeta]: object('Metadata of a list.', {
    continue: text('Token for the next page; absent on the last.'),
    remainingItemCount: {
      type: 'integer',
      format: 'int64',
      description: 'How many objects follow this page, when known.',
    },
    resourceVersion: text('Revision at which the list was read.'),
  }),
  [metaSchemas.deleteOptions]: object('Options of a deletion.', {
    dryRun: { type: 'array', items: { type: 'string' }, description: 'All: check everything, keep nothing.' },
    propagationPolicy: text('Background, Foreground or Orphan: what becomes of the objects it owns.'),
    preconditions: object('What must hold, or the deletion is refused.', {
      uid: text('UID the object must have.'),
      resourceVersion: text('Version the object must have.'),
    }),
  }),
  [metaSchemas.patch]: { type: 'object', description: 'A change, in the form that the content type names.' },
  [metaSchemas.status]: object('Answer of a request that returns no object.', {
    status: text('Success or Failure.'),
    message: text('What happened, in a sentence.'),
    reason: text('What happened, in one word.'),
    code: { type: 'integer', format: 'int32', description: 'HTTP status code.' },
  }),
});

const text = (description: string): SchemaObject => ({ type: 'string', description });

const object = (description: string, properties: SchemaObject): SchemaObject => ({
  type: 'object',
  description,
  properties,
});

function kindSchema(kind: Kind): [string, Json] {
  const metadata = {
    allOf: [schemaRef(metaSchemas.objectMeta)],
    description: 'Standard object metadata.',
    default: {},
  };
  return [schemaName(kind), { ...clientSchema(kind, metadata), ...kindExtension(kind, kind.kind) }];
}

function listSchema(kind: Kind): [string, Json] {
  const list = object(`A list of ${kind.kind}.`, {
    apiVersion: text('Group and version of the kind.'),
    kind: text('Name of the kind.'),
    metadata: { allOf: [schemaRef(metaSchemas.listMeta)], description: 'Metadata of the list.', default: {} },
    items: { type: 'array', description: 'The objects.', items: { allOf: [schemaRef(schemaName(kind))], default: {} } },
  });
  return [`${schemaName(kind)}List`, { ...list, required: ['items'], ...kindExtension(kind, `${kind.kind}List`) }];
}

const kindExtension = ({ group, version }: Kind, kind: string): SchemaObject => ({
  'x-kubernetes-group-version-kind': [{ group, version, kind }],
});
