import type { KubeObject } from '#model/objects';
import type { Kind, Namespace } from '#model/resources';
import type { WorkResult } from '#control/runtime';
import { isCoded } from '#errors';
import { writeOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop } from '../queue-loop.ts';

const pageSize = 200;
const contentFinalizer = 'kubernetes';

/** Empties a namespace that is being deleted, and then lets it go. Keys: the namespace's name. */
export class NamespacesLoop extends QueueLoop {
  constructor(context: LoopContext) {
    super(context, {
      name: 'namespaces',
      concurrency: 4,
      backOff: { firstMilliseconds: 500, longestMilliseconds: 30_000 },
    });
  }

  /** There is always a place for objects whose namespace nobody names. */
  override async start(): Promise<void> {
    await createNamespace(this.context, 'default');
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const { store, kinds } = this.context;
      const page = await store.list(
        { kind: kinds.namespace },
        { limit: pageSize, ...(next === undefined ? {} : { continue: next }) },
      );
      for (const { metadata } of page.items)
        if (metadata.deletionTimestamp !== undefined) this.queue.add(metadata.name);
      next = page.continue;
    }
  }

  override onChange({ kind, object, type }: LoopChange): void {
    if (kind !== this.context.kinds.namespace || type === 'DELETED') return;
    const { deletionTimestamp, name, resourceVersion } = object.metadata;
    if (deletionTimestamp !== undefined) this.queue.add(name, resourceVersion);
  }

  protected override async work(name: string): Promise<WorkResult> {
    const { store, kinds, clock } = this.context;
    const namespace = await store.get({ kind: kinds.namespace, name });
    if (namespace?.metadata.deletionTimestamp === undefined) return {};
    const { left, deleted } = await this.#empty(name);
    // What only finalizers hold needs somebody else's time.
    if (left > 0) return { again: new Date(clock.now().getTime() + (deleted > 0 ? 0 : 1000)) };
    await this.#letGo(namespace);
    return {};
  }

  /** Deletes a page of each kind. */
  async #empty(namespace: string): Promise<{ left: number; deleted: number }> {
    let left = 0;
    let deleted = 0;
    for (const kind of this.context.registry.kinds.filter(({ namespaced }) => namespaced)) {
      const { items } = await this.context.store.list({ kind, namespace }, { limit: pageSize });
      const doomed = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      await Promise.all(doomed.map((object) => this.#delete(kind, namespace, object)));
      left += items.length;
      deleted += doomed.length;
    }
    return { left, deleted };
  }

  async #delete(kind: Kind, namespace: string, { metadata }: KubeObject): Promise<void> {
    const options = { ...writeOptions, uid: metadata.uid, propagation: 'Background' } as const;
    try {
      await this.context.store.delete({ kind, namespace, name: metadata.name }, options);
    } catch (error) {
      if (!isCoded(error, 'not-found', 'conflict')) throw error;
    }
  }

  async #letGo(namespace: Namespace): Promise<void> {
    const { store, kinds } = this.context;
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== contentFinalizer);
    const ref = { kind: kinds.namespace, name: namespace.metadata.name };
    await store.update<Namespace>(ref, { ...namespace, spec: { ...namespace.spec, finalizers } }, writeOptions);
  }
}

/** Makes a namespace if there is none of that name. */
export async function createNamespace(
  { store, kinds }: Pick<LoopContext, 'store' | 'kinds'>,
  name: string,
): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  try {
    if ((await store.get({ kind: kinds.namespace, name })) === undefined) {
      await store.create<Namespace>({ kind: kinds.namespace, name }, object, writeOptions);
    }
  } catch (error) {
    if (!isCoded(error, 'already-exists')) throw error;
  }
}
