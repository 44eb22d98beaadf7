import type { ApiClient, ResourceAddress } from '#edge/api';
import { CodedError } from '#errors';

/** A kind that the server serves, by what discovery says of it. */
export interface ServedKind extends ResourceAddress {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly {
        readonly resource: string;
        readonly responseKind: { readonly kind: string };
        readonly scope: 'Namespaced' | 'Cluster';
        readonly singularResource?: string;
        readonly shortNames?: readonly string[];
        readonly categories?: readonly string[];
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every kind that can be listed, in the server's order. */
export async function discoverKinds(client: ApiClient): Promise<ServedKind[]> {
  const lists = await Promise.all(
    ['/api', '/apis'].map((path) => client.json<DiscoveryList>({ method: 'GET', path, accept: aggregated })),
  );
  return lists
    .flatMap((list) => list.items ?? [])
    .flatMap((group) => {
      const version = group.versions[0];
      return (version?.resources ?? [])
        .filter(({ verbs }) => verbs.includes('list'))
        .map((resource) => ({
          group: group.metadata.name ?? '',
          version: version!.version,
          plural: resource.resource,
          namespaced: resource.scope === 'Namespaced',
          kind: resource.responseKind.kind,
          singular: resource.singularResource ?? '',
          shortNames: resource.shortNames ?? [],
          categories: resource.categories ?? [],
        }));
    });
}

/** The kind that `word` names: plural, singular, short name or kind, optionally with its group (`certs`, `issuers.cert-manager.io`). */
export function findKind(kinds: readonly ServedKind[], word: string): ServedKind {
  const found = kinds.find((kind) => names(kind).includes(word.toLowerCase()));
  if (found !== undefined) return found;
  throw new CodedError('not-found', `the server doesn't have a resource type "${word}"`, {
    hint: `It has ${kinds.map(({ plural }) => plural).join(', ')}.`,
  });
}

function names({ plural, singular, kind, shortNames, group }: ServedKind): string[] {
  const plain = [plural, singular, kind.toLowerCase(), ...shortNames];
  return group === '' ? plain : [...plain, `${plural}.${group}`, `${singular}.${group}`];
}

/** `certificate.cert-manager.io`, `secret`: how kubectl calls one object of a kind. */
export function qualifiedSingular({ singular, group }: ServedKind): string {
  return group === '' ? singular : `${singular}.${group}`;
}

export function apiVersionOf({ group, version }: ServedKind): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The kind that a manifest means. */
export function kindOfManifest(kinds: readonly ServedKind[], object: { apiVersion: string; kind: string }): ServedKind {
  const [group, version] = object.apiVersion.split('/');
  return findKind(kinds, version === undefined ? object.kind : `${object.kind}.${group}`);
}
