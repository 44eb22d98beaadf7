import type { Json } from '#model/objects';
import type { Kind } from '../kind.ts';
import { groupsOf, versionsOf } from './discovery.ts';
import { collectionPath, listPath, objectPath, statusPath } from './openapi-operations.ts';
import { componentSchemas } from './openapi-schemas.ts';
import type { SchemaObject } from './plain-schema.ts';

/** Where a group and version is served: `api/v1`, `apis/cert-manager.io/v1`. */
export const groupVersionPath = (group: string, version: string): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`;

/** The places that `/openapi/v3` lists, each with a document of its own. */
export function groupVersionsOf(kinds: readonly Kind[]): { group: string; version: string; path: string }[] {
  return groupsOf(kinds).flatMap((group) =>
    versionsOf(kinds, group).map((version) => ({ group, version, path: groupVersionPath(group, version) })),
  );
}

/**
 * The OpenAPI 3 document of one group and version: what kubectl reads to know which parameters a patch takes and what
 * `explain` shows. Kinds of other groups among `kinds` are left out.
 */
export function openAPIDocument(kinds: readonly Kind[], group: string, version: string): Json {
  const own = kinds.filter((kind) => kind.group === group && kind.version === version);
  const root = `/${groupVersionPath(group, version)}`;
  return {
    openapi: '3.0.0',
    info: { title: 'Chancery', version },
    paths: Object.fromEntries(own.flatMap((kind) => pathsOf(kind, root))),
    components: { schemas: componentSchemas(own) },
  };
}

const pathParameter = (name: string, description: string): SchemaObject => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', uniqueItems: true },
});

function pathsOf(kind: Kind, root: string): [string, Json][] {
  const everywhere = `${root}/${kind.plural}`;
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : everywhere;
  const inNamespace = kind.namespaced ? [pathParameter('namespace', 'Namespace of the object.')] : [];
  const toObject = [pathParameter('name', `Name of the ${kind.kind}.`), ...inNamespace];
  return [
    ...(kind.namespaced ? [[everywhere, listPath(kind)] as [string, Json]] : []),
    [collection, { ...collectionPath(kind), parameters: inNamespace }],
    [`${collection}/{name}`, { ...objectPath(kind), parameters: toObject }],
    ...(kind.hasStatus
      ? [[`${collection}/{name}/status`, { ...statusPath(kind), parameters: toObject }] as [string, Json]]
      : []),
  ];
}
