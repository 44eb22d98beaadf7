import type { ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import type { Draft, KubeObject } from '#model/objects';
import type { Kind, KindRegistry } from '#model/resources';
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
  try {
    const kind = requireKind(registry, object);
    const scoped = kind.namespaced ? withNamespace(object) : object;
    const applied = await client.apply(kind, scoped, { fieldManager, force: true, fieldValidation: 'Strict' });
    return { ...applied, place };
  } catch (refused) {
    if (isCoded(refused, 'unreachable')) throw refused;
    return { refused, place };
  }
}

function requireKind(registry: KindRegistry, { apiVersion, kind }: Draft): Kind {
  const found = registry.byKind(apiVersion, kind);
  if (found !== undefined) return found;
  const served = registry.kinds.map((one) => one.kind).join(', ');
  throw new CodedError('not-found', `there is no kind "${kind}" in ${apiVersion} here`, {
    hint: `Chancery serves ${served}.`,
  });
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
