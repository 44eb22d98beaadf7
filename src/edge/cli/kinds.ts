import type { ApiClient, ResourceAddress } from '#edge/api';
import { CodedError } from '#errors';
import { UsageError } from './failure.ts';

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

/** A kind, and the names asked for; none = all of them. */
export interface Target {
  readonly kind: ServedKind;
  readonly names: readonly string[];
}

/** What `args` name: `certs`, `certs,issuers`, `cert a b`, `cert/a issuer/b`, or a category such as `cert-manager`. */
export function parseTargets(kinds: readonly ServedKind[], args: readonly string[]): Target[] {
  if (args.length === 0) throw new UsageError('name a resource type, such as "certificates" or "issuer/my-ca"');
  if (args.some((argument) => argument.includes('/'))) return args.map((argument) => parseSlashed(kinds, argument));
  const [types, ...names] = args;
  const wanted = types!.split(',').flatMap((word) => expandCategory(kinds, word));
  return wanted.map((kind) => ({ kind, names }));
}

function expandCategory(kinds: readonly ServedKind[], word: string): ServedKind[] {
  const inCategory = kinds.filter(({ categories }) => categories.includes(word));
  return inCategory.length > 0 ? inCategory : [findKind(kinds, word)];
}

function parseSlashed(kinds: readonly ServedKind[], argument: string): Target {
  const [type, name, ...rest] = argument.split('/');
  if (!type || !name || rest.length > 0) throw new UsageError(`"${argument}" is not of the form TYPE/NAME`);
  return { kind: findKind(kinds, type), names: [name] };
}
