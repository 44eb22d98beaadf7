import type { ApiClient, ResourceAddress } from '#edge/api';
import { isCoded } from '#errors';
import type { Draft, KubeObject } from '#model/objects';
import type { KindRegistry } from '#model/resources';
import type { ManifestObject } from '#edge/cli';

/** What became of one object of a manifest. */
export type Declaration =
  | { readonly object: KubeObject; readonly place: string; readonly created: boolean }
  | { readonly refused: unknown; readonly place: string };

const fieldManager = 'chancery-up';

/**
 * Applies manifests in the order of their dependence: namespaces first (those that are only mentioned are made as well),
 * then the rest as written. A refused object does not keep the others back.
 */
export async function declare(
  client: ApiClient,
  registry: KindRegistry,
  manifests: readonly ManifestObject[],
): Promise<Declaration[]> {
  const ordered = manifests.toSorted((a, b) => rank(a.object) - rank(b.object));
  await makeMissingNamespaces(client, registry, ordered);
  const declarations: Declaration[] = [];
  for (const { object, place } of ordered) declarations.push(await declareOne(client, registry, object, place));
  return declarations;
}

function rank({ kind }: Draft): number {
  return kind === 'Namespace' ? 0 : 1;
}

async function declareOne(
  client: ApiClient,
  registry: KindRegistry,
  object: Draft,
  place: string,
): Promise<Declaration> {
  const kind = registry.byKind(object.apiVersion, object.kind);
  try {
    const address: ResourceAddress = kind ?? unknownAddress(object);
    const scoped = kind?.namespaced === false ? object : withNamespace(object);
    const applied = await client.apply(address, scoped, { fieldManager, force: true, fieldValidation: 'Strict' });
    return { ...applied, place };
  } catch (refused) {
    if (isCoded(refused, 'unreachable')) throw refused;
    return { refused, place };
  }
}

/** Lets the server say what it does not serve. */
function unknownAddress({ apiVersion, kind }: Draft): ResourceAddress {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group: group!, version: version!, plural: `${kind.toLowerCase()}s`, namespaced: true };
}

function withNamespace<T extends Draft>(object: T): T {
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? 'default' } };
}

async function makeMissingNamespaces(
  client: ApiClient,
  registry: KindRegistry,
  manifests: readonly ManifestObject[],
): Promise<void> {
  const namespaces = registry.byKind('v1', 'Namespace')!;
  const mentioned = new Set(manifests.flatMap(({ object }) => object.metadata.namespace ?? []));
  for (const name of mentioned) {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await client.create(namespaces, object, { fieldManager }).catch((error: unknown) => {
      if (!isCoded(error, 'already-exists', 'invalid')) throw error;
    });
  }
}
