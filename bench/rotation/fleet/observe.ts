import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '#edge/following';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';

export interface Selection {
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Everything that is selected, as it is and as it changes, until `signal` is aborted; a watch that ends goes on. */
export async function observe<T extends KubeObject>(
  connection: Connection,
  resource: Kind<T>,
  selection: Selection,
  onObject: (object: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const first = await connection.client.list<T>(resource, { ...selection, signal });
  for (const object of first.items) onObject(object);
  let { resourceVersion } = first.metadata;
  const follow = async (): Promise<void> => {
    const watch = { ...selection, resourceVersion, signal };
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
