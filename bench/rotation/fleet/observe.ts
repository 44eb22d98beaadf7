import { isCoded } from '#errors';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '#edge/following';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';

export interface Selection {
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Those that are there already, read one by one: to select among very many by label takes long. */
  readonly names?: readonly string[];
}

/** Everything that is selected, as it is and as it changes, until `signal` is aborted; a watch that ends goes on. */
export async function observe<T extends KubeObject>(
  connection: Connection,
  resource: Kind<T>,
  selection: Selection,
  onObject: (object: T) => void,
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion = await untilAnswered(() => readAll(connection, resource, selection, onObject));
  const follow = async (): Promise<void> => {
    const { names: _, ...watched } = selection;
    const watch = { ...watched, resourceVersion, signal };
    for await (const { type, object } of connection.client.watch<T>(resource, watch)) {
      ({ resourceVersion } = object.metadata);
      if (type === 'ADDED' || type === 'MODIFIED') onObject(object);
    }
  };
  void (async () => {
    while (!signal.aborted) await follow().catch(() => delay(againMilliseconds));
  })();
}

const againMilliseconds = 100;

async function readAll<T extends KubeObject>(
  { client }: Connection,
  resource: Kind<T>,
  { names, ...selection }: Selection,
  onObject: (object: T) => void,
): Promise<string> {
  const { metadata, items } = await client.list<T>(
    resource,
    names === undefined ? selection : { namespace: selection.namespace, limit: 1 },
  );
  if (names === undefined) for (const object of items) onObject(object);
  for (const name of names ?? []) onObject(await client.get<T>(resource, name, selection.namespace));
  return metadata.resourceVersion;
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isCoded(error, 'unreachable')) throw error;
      await delay(againMilliseconds);
    }
  }
}
