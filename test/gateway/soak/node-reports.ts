import { gatewayNodeKind, type GatewayNode } from '#model/resources';
import type { ApiClient } from '#edge/api';
import { setTimeout as delay } from 'node:timers/promises';

export type NodeStatus = NonNullable<GatewayNode['status']>;

interface Waiting {
  readonly isWanted: (status: NodeStatus) => boolean;
  readonly resolve: () => void;
}

/** What the node reports, as the API tells it; goes on when the control plane comes back. */
export class NodeReports {
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Waiting>();
  #status: NodeStatus | undefined;

  constructor(client: () => ApiClient, namespace: string) {
    void this.#follow(client, namespace);
  }

  get newest(): NodeStatus | undefined {
    return this.#status;
  }

  /** Resolves when the node has reported that; false when it has not within that time. */
  async until(isWanted: (status: NodeStatus) => boolean, milliseconds: number): Promise<boolean> {
    if (this.#status !== undefined && isWanted(this.#status)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting: Waiting = { isWanted, resolve: () => resolve(true) };
    this.#waiting.add(waiting);
    const timer = setTimeout(() => resolve(false), milliseconds);
    const isThere = await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiting);
    return isThere;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(client: () => ApiClient, namespace: string): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const { object } of client().watch<GatewayNode>(gatewayNodeKind, { namespace, signal })) {
          if (object.status !== undefined) this.#take(object.status);
        }
      } catch {
        await delay(20);
      }
    }
  }

  #take(status: NodeStatus): void {
    this.#status = status;
    for (const waiting of this.#waiting) if (waiting.isWanted(status)) waiting.resolve();
  }
}
