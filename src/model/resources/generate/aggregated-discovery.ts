import type { Json } from '#model/objects';
import { groupsOf, versionsOf } from './discovery.ts';
import type { ServedResource } from './discovery.ts';

/**
 * The aggregated answer of `/api` (scope core) or `/apis` (scope groups): everything discovery knows in one document,
 * apidiscovery.k8s.io `v2` or `v2beta1`. Clients know it by its content type, not by its body.
 */
export function aggregatedDiscovery(
  resources: readonly ServedResource[],
  scope: 'core' | 'groups',
  version: 'v2' | 'v2beta1',
): Json {
  const groups = groupsOf(resources).filter((group) => (group === '') === (scope === 'core'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => groupDiscovery(resources, group)),
  };
}

function groupDiscovery(resources: readonly ServedResource[], group: string): Json {
  const versions = versionsOf(resources, group).map((version) => ({
    version,
    freshness: 'Current',
    resources: resources.filter((one) => one.group === group && one.version === version).map(resourceDiscovery),
  }));
  return { metadata: group === '' ? {} : { name: group }, versions };
}

function resourceDiscovery(resource: ServedResource): Json {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames = [], categories = [] } = resource;
  const responseKind = { group, version, kind };
  const status = { subresource: 'status', responseKind, verbs: ['get', 'patch', 'update'] };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: [...verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...(resource.hasStatus === true ? { subresources: [status] } : {}),
  };
}
