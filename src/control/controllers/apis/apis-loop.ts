import { refTerm } from '#model/resources';
import type { API, Gateway } from '#model/resources';
import { routeBasePath } from '#model/gateways';
import { objectTerm } from '#model/stores';
import { apiStatus } from '#model/statuses';
import type { NamedProfile } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessChanged, specChanged } from '../profiles/profiles-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop, allObjects } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { termOf } from '../usage/direct-users.ts';

const apiKey = 'API ';
const pathKey = 'path:';
const everyKey = 'every';
const gatheringMilliseconds = 500;

/**
 * Tells of each API whether a gateway can serve it. Keys: `API ns/name`; `path:/petstore`, all with that base path;
 * `every`, all there are.
 */
export class APIsLoop extends StatusLoop {
  readonly #references = new References();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'apis',
      concurrency,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.api);
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    if (change.kind === kinds.api) this.#apiChanged(change as LoopChange<API>);
    else if (change.kind === kinds.clientProfile) this.#profileChanged(change);
    else if (change.kind === kinds.gateway && specChanged(change)) {
      this.queue.addAt(everyKey, new Date(this.context.clock.now().getTime() + gatheringMilliseconds));
    }
  }

  #apiChanged(change: LoopChange<API>): void {
    const { object, previous, type, own } = change;
    const { resourceVersion } = object.metadata;
    if (type !== 'DELETED' && !own) this.queue.add(termOf(object), resourceVersion);
    if (change.resync || !specChanged(change)) return;
    for (const one of [object, previous]) {
      if (one !== undefined) this.queue.add(pathKey + routeBasePath(one.spec.basePath), resourceVersion);
    }
  }

  #profileChanged(change: LoopChange): void {
    if (!readinessChanged(change)) return;
    for (const reader of this.#references.readersOf(termOf(change.object))) {
      this.queue.add(reader, change.object.metadata.resourceVersion);
    }
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key === everyKey) await this.addAll(this.context.kinds.api);
    else if (key.startsWith(pathKey)) {
      for (const api of await this.#at(key.slice(pathKey.length))) this.queue.add(termOf(api));
    } else {
      const { store, kinds } = this.context;
      const api = await store.get({ kind: kinds.api, ...placeOf(key.slice(apiKey.length)) });
      if (api !== undefined) return this.#settle(api, key);
      this.#references.forget(key);
    }
    return {};
  }

  async #settle(api: API, key: string): Promise<WorkResult> {
    const { clock, kinds, events } = this.context;
    const profiles = await this.#profilesOf(api, key);
    const rivals = await this.#at(routeBasePath(api.spec.basePath));
    const status = apiStatus(api, { gateways: await this.#gateways(), profiles, rivals }, clock.now());
    const wrote = await this.write(kinds.api, api, status);
    const remark = readinessRemark(api, status);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: api, ...remark });
    return { wrote };
  }

  async #profilesOf({ metadata, spec }: API, key: string): Promise<NamedProfile[]> {
    const { production, sandbox } = spec.endpoints;
    const refs = [production, sandbox].flatMap((endpoint) => endpoint?.tlsClientProfileRef ?? []);
    const terms = new Set<string>();
    const places = refs.map((ref) => placeOf(refTerm(ref, metadata.namespace)));
    for (const { namespace, name } of places) {
      const term = objectTerm('TLSClientProfile', namespace, name);
      terms.add(term);
      this.#references.add(key, term);
    }
    this.#references.keepOnly(key, terms);
    const { store, kinds } = this.context;
    return Promise.all(
      places.map(async (place) => ({ place, object: await store.get({ kind: kinds.clientProfile, ...place }) })),
    );
  }

  async #at(basePath: string): Promise<API[]> {
    const { store, kinds } = this.context;
    const index = { name: 'basePath', value: basePath === '' ? '/' : basePath };
    return (await store.list({ kind: kinds.api }, { index })).items;
  }

  /** Few, and read from the store's cache. */
  async #gateways(): Promise<Gateway[]> {
    const { store, kinds } = this.context;
    return Array.fromAsync(allObjects(store, kinds.gateway));
  }
}
