import type { ApiClient, ResourceAddress } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import { certificateKind, rotationKind, secretKind, type Certificate } from '#model/resources';
import type { CliIO } from '../../io.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { nameText, parseNamed, type Named } from './authority-name.ts';

/** What a user has named, and where it is. */
export interface NamedPlace {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly named: Named;
}

/**
 * Runs `verb` for the CA or Rotation that is called `name`: in the namespace that was given, else in that of the context,
 * else in the only one where there is such a thing. Fails with bad-request when it is in several.
 */
export function withNamed<T>(
  io: CliIO,
  name: string,
  options: AccessOptions,
  verb: (place: NamedPlace) => Promise<T>,
): Promise<T> {
  const named = parseNamed(name);
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    const place = options.namespace ?? (await findNamespace(client, namespace, named));
    return verb({ client, named, namespace: place });
  });
}

const kinds: Readonly<Record<Named['kind'], ResourceAddress>> = {
  certificate: certificateKind,
  secret: secretKind,
  rotation: rotationKind,
};

async function findNamespace(client: ApiClient, usual: string, named: Named): Promise<string> {
  if ((await placesOf(client, named, usual)).length > 0) return usual;
  const places = await placesOf(client, named, undefined);
  if (places.length < 2) return places[0] ?? usual;
  throw new CodedError('bad-request', `${nameText(named)} is in several namespaces: ${places.join(', ')}`, {
    hint: 'Say which with -n.',
  });
}

/** In one namespace, or in all; nowhere, for whoever may not look there. */
async function placesOf(client: ApiClient, { kind, name }: Named, namespace: string | undefined): Promise<string[]> {
  const fieldSelector = `metadata.name=${name}`;
  try {
    const found = await Array.fromAsync(client.each(kinds[kind], { namespace, fieldSelector }));
    return found.filter(mayBeMeant).map(({ metadata }) => metadata.namespace ?? '');
  } catch (error) {
    if (isCoded(error, 'forbidden')) return [];
    throw error;
  }
}

function mayBeMeant(object: KubeObject): boolean {
  return object.kind !== 'Certificate' || (object as Certificate).spec.isCA === true;
}
