import { isCoded } from '#errors';
import type { GatewayNode } from '#model/resources';
import { lifeOfNode } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import { writeOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop } from '../status-loop.ts';
import { termOf } from '../usage/direct-users.ts';

const nodeKey = 'GatewayNode ';

/** Notices gateway nodes that stopped giving signs of life. Keys: `GatewayNode ns/name`. */
export class GatewayNodesLoop extends StatusLoop {
  constructor(context: LoopContext) {
    super(context, {
      name: 'gatewaynodes',
      concurrency: 4,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.gatewayNode);
  }

  /** A node that lives is looked at again when it should have been heard of; signs of life in between cost nothing. */
  override onChange({ kind, type, object }: LoopChange): void {
    if (kind !== this.context.kinds.gatewayNode || type === 'DELETED') return;
    const life = lifeOfNode(object as GatewayNode, this.context.clock.now());
    if (life.is === 'alive') this.queue.addAt(termOf(object), life.until);
    else this.queue.add(termOf(object), object.metadata.resourceVersion);
  }

  protected override async work(key: string): Promise<WorkResult> {
    const { store, kinds, clock, events } = this.context;
    const node = await store.get({ kind: kinds.gatewayNode, ...placeOf(key.slice(nodeKey.length)) });
    if (node === undefined) return {};
    const life = lifeOfNode(node, clock.now());
    if (life.is === 'alive') return { again: life.until };
    if (life.is === 'gone') return this.#remove(node);
    const wrote = await this.write(kinds.gatewayNode, node, life.status);
    const remark = readinessRemark(node, life.status);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: node, ...remark });
    return { wrote, again: life.until };
  }

  async #remove({ metadata }: GatewayNode): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const ref = { kind: kinds.gatewayNode, namespace: metadata.namespace ?? '', name: metadata.name };
    try {
      await store.delete(ref, { ...writeOptions, uid: metadata.uid, resourceVersion: metadata.resourceVersion });
    } catch (error) {
      if (!isCoded(error, 'not-found')) throw error;
    }
    return {};
  }
}
