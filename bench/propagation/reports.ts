import { gatewayNodeKind, type GatewayNode } from '#model/resources';
import type { ApiClient } from '#edge/api';

type Status = NonNullable<GatewayNode['status']>;

/** What the nodes report, as it comes. */
export class Reports {
  readonly #statuses = new Map<string, Status>();
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;

  constructor(client: ApiClient) {
    void this.#follow(client).catch(() => undefined);
  }

  /** Resolves when so many nodes report what is wanted; answers when, by performance.now(). */
  async until(count: number, isWanted: (status: Status) => boolean): Promise<number> {
    for (;;) {
      const those = [...this.#statuses.values()].filter(isWanted).length;
      if (those >= count) return performance.now();
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async #follow(client: ApiClient): Promise<void> {
    for await (const { object } of client.watch<GatewayNode>(gatewayNodeKind, {
      namespace: 'bench',
      signal: this.#stop.signal,
    })) {
      if (object.status !== undefined) this.#statuses.set(object.metadata.name, object.status);
      this.#wake();
    }
  }
}
