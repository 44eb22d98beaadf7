import { CodedError } from '#errors';
import type { ApiClient, ResourceAddress, WatchEvent, WatchRequest } from '#edge/api';
import type { KubeObject } from '#model/objects';
import { builtinKinds, createRegistry } from '#model/resources';
import { GatewayWorld } from '../../../../model/gateways/test-gateway-world.ts';
import type { Connection } from '#edge/following';

const registry = createRegistry(builtinKinds);

/** An API whose objects are those of a World, without a network: what is put there is told to whoever watches. */
export class TestApi {
  readonly world = new GatewayWorld();
  readonly fetched: string[] = [];
  /** Everything that happened; a revision is a position in it. */
  readonly #log: WatchEvent[] = [];
  readonly #waiting = new Set<() => void>();

  /** Changes the World, and tells the watchers what is different. */
  change(change: (world: GatewayWorld) => void): void {
    const before = new Map(this.world.objects);
    change(this.world);
    for (const [term, object] of this.world.objects) {
      if (before.get(term) !== object) this.#tell(before.has(term) ? 'MODIFIED' : 'ADDED', object);
    }
    for (const [term, object] of before) if (!this.world.objects.has(term)) this.#tell('DELETED', object);
  }

  get connection(): Connection {
    const client: Partial<ApiClient> = {
      list: async (resource, { fieldSelector } = {}) => {
        const items = [...this.world.objects.values()].filter((object) => matches(object, resource, fieldSelector));
        return { items: items as never[], metadata: { resourceVersion: this.#revision } };
      },
      json: async <T>() => ({ items: [], metadata: { resourceVersion: this.#revision } }) as T,
      get: async <T>(resource: ResourceAddress, name: string, namespace = '') => {
        const term = `${kindOf(resource)} ${namespace}/${name}`;
        this.fetched.push(term);
        const object = this.world.objects.get(term);
        if (object === undefined) throw new CodedError('not-found', `there is no ${term}`);
        return object as T;
      },
      watch: (resource, request) => this.#watch(resource, request) as AsyncGenerator<never>,
    };
    return { client } as unknown as Connection;
  }

  get #revision(): string {
    return String(this.#log.length);
  }

  async *#watch(resource: ResourceAddress, request: WatchRequest = {}): AsyncGenerator<WatchEvent> {
    const signal = request.signal!;
    for (let at = Number(request.resourceVersion); !signal.aborted;) {
      for (; at < this.#log.length; at += 1) {
        const { type, object } = this.#log[at]!;
        if (!matches(object, resource, request.fieldSelector)) continue;
        const { apiVersion, kind, metadata } = object;
        yield { type, object: request.accept === undefined ? object : { apiVersion, kind, metadata } };
      }
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  #tell(type: WatchEvent['type'], object: KubeObject): void {
    this.#log.push({ type, object });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

function kindOf({ group, version, plural }: ResourceAddress): string {
  return registry.byPlural(group, version, plural)!.kind;
}

function matches(object: KubeObject, resource: ResourceAddress, fieldSelector: string | undefined): boolean {
  if (object.kind !== kindOf(resource)) return false;
  return fieldSelector === undefined || fieldSelector === `metadata.name=${object.metadata.name}`;
}
