import type { Json } from '#model/objects';
import type { Kind } from '../kind.ts';
import { apiVersionOf } from '../registry.ts';

/** A resource as discovery shows it: a kind, or a review that the server answers without storing anything. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly hasStatus?: boolean;
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

export const servedResources = (kinds: readonly Kind[]): ServedResource[] =>
  kinds.map((kind) => ({ ...kind, verbs: allVerbs }));

/** Answer of `/api`: the versions of the core group. */
export const coreVersions = (): Json => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
});

/** Answer of `/apis`: the groups without the core group. */
export function groupList(resources: readonly ServedResource[]): Json {
  const groups = groupsOf(resources).filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupEntry(resources, group)) };
}

/** Answer of `/apis/GROUP`; undefined when there is no such group. */
export function groupDocument(resources: readonly ServedResource[], group: string): Json | undefined {
  if (group === '' || !groupsOf(resources).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(resources, group) };
}

function groupEntry(resources: readonly ServedResource[], group: string): { [key: string]: Json } {
  const versions = versionsOf(resources, group).map((version) => ({
    groupVersion: apiVersionOf({ group, version }),
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0]! };
}

/** Answer of `/api/v1` and `/apis/GROUP/VERSION`; undefined when nothing is served there. */
export function resourceList(resources: readonly ServedResource[], group: string, version: string): Json | undefined {
  const served = resources.filter((resource) => resource.group === group && resource.version === version);
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: served.flatMap((resource) => [resourceEntry(resource)].concat(statusEntry(resource))),
  };
}

function resourceEntry(resource: ServedResource): Json {
  const { plural, singular, namespaced, kind, verbs, shortNames = [], categories = [] } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: [...verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
  };
}

function statusEntry({ hasStatus, plural, namespaced, kind }: ServedResource): Json[] {
  if (hasStatus !== true) return [];
  return [{ name: `${plural}/status`, singularName: '', namespaced, kind, verbs: statusVerbs }];
}

export const groupsOf = (resources: readonly { group: string }[]): string[] => [
  ...new Set(resources.map(({ group }) => group)),
];

export const versionsOf = (resources: readonly { group: string; version: string }[], group: string): string[] => [
  ...new Set(resources.filter((resource) => resource.group === group).map(({ version }) => version)),
];
