import { deepEqual } from '#model/objects';
import type { Condition, KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import type { ResourceStore } from '#control/store';
import { updateStatus } from './certificates/planned-writes.ts';
import { QueueLoop } from './queue-loop.ts';
import { termOf } from './usage/direct-users.ts';

const pageSize = 500;

/** An object that controllers tell of. */
export interface WithStatus extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A loop that keeps the status of objects true. Keys: `Kind ns/name`. */
export abstract class StatusLoop extends QueueLoop {
  /** Asks for every object of a kind: each is worth a look after a restart. */
  protected async addAll<T extends KubeObject>(kind: Kind<T>): Promise<void> {
    for await (const object of allObjects(this.context.store, kind)) this.queue.add(termOf(object));
  }

  /** Writes the status if it says something else; answers the resource versions that were written. */
  protected async write<T extends WithStatus>(kind: Kind<T>, object: T, status: T['status']): Promise<string[]> {
    if (deepEqual(object.status ?? {}, status ?? {})) return [];
    const [stored] = await this.context.store.sequence([updateStatus(kind, { ...object, status })]);
    const { resourceVersion } = stored!.metadata;
    this.context.echoes.expect([resourceVersion]);
    return [resourceVersion];
  }
}

/** All objects of a kind, page by page. */
export async function* allObjects<T extends KubeObject>(store: ResourceStore, kind: Kind<T>): AsyncIterable<T> {
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await store.list({ kind }, { limit: pageSize, ...(next === undefined ? {} : { continue: next }) });
    yield* page.items;
    next = page.continue;
  }
}
