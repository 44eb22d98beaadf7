import type { KubeObject } from '#model/objects';
import { chanceryKeys, refTerm } from '#model/resources';
import type { Gateway, GatewayNode } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { WorkResult } from '#control/runtime';
import { systemNamespace } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { callsWith, isDefault } from '../profiles/production-use.ts';
import { productionWarning } from '../profiles/profile-status.ts';
import { readinessChanged, specChanged } from '../profiles/profiles-loop.ts';
import { conditionRemark, readinessRemark } from '../remarks.ts';
import { StatusLoop } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { directUsers, termOf } from '../usage/direct-users.ts';
import { gatewayStatus } from './gateway-status.ts';
import type { NamedServerProfile } from './gateway-status.ts';
import { saysSomethingNew } from './node-news.ts';

const gatewayKey = 'Gateway ';
const everyKey = 'every';

/** Nodes and profiles change in bursts, and one status tells of them all. */
const burstMilliseconds = 50;
const everyMilliseconds = 500;

/**
 * Tells of each Gateway whether its profiles can be used, how far its nodes are, and which default profiles it uses in
 * production. Keys: `Gateway ns/name`; `every`, all there are.
 */
export class GatewaysLoop extends StatusLoop {
  readonly #references = new References();

  constructor(context: LoopContext) {
    super(context, {
      name: 'gateways',
      concurrency: 2,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.gateway);
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    const { object, kind, type, own } = change;
    if (kind === kinds.gateway) {
      if (type !== 'DELETED' && !own) this.queue.add(termOf(object), object.metadata.resourceVersion);
    } else if (kind === kinds.gatewayNode) {
      if (saysSomethingNew(change as LoopChange<GatewayNode>))
        this.#askSoon(gatewayOf(object as GatewayNode), burstMilliseconds);
    } else if (kind === kinds.serverProfile) {
      if (!readinessChanged(change)) return;
      for (const reader of this.#references.readersOf(termOf(object))) this.#askSoon(reader, burstMilliseconds);
    } else if ((kind === kinds.api || kind === kinds.clientProfile) && specChanged(change)) {
      // What an API is called by matters where it must not be a default profile.
      this.#askSoon(everyKey, everyMilliseconds);
    }
  }

  #askSoon(key: string, milliseconds: number): void {
    this.queue.addAt(key, new Date(this.context.clock.now().getTime() + milliseconds));
  }

  protected override async work(key: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    if (key === everyKey) {
      await this.addAll(kinds.gateway);
      return {};
    }
    const gateway = await store.get({ kind: kinds.gateway, ...placeOf(key.slice(gatewayKey.length)) });
    if (gateway !== undefined) return this.#settle(gateway, key);
    this.#references.forget(key);
    return {};
  }

  async #settle(gateway: Gateway, key: string): Promise<WorkResult> {
    const { clock, kinds, events } = this.context;
    const profiles = await this.#profilesOf(gateway, key);
    const nodes = await this.#nodesOf(gateway);
    const defaultsInProduction = gateway.spec.production === true ? await this.#defaultsOf(gateway, profiles) : [];
    const status = gatewayStatus(gateway, { profiles, nodes, defaultsInProduction }, clock.now());
    const wrote = await this.write(kinds.gateway, gateway, status);
    if (wrote.length === 0) return {};
    for (const remark of [
      readinessRemark(gateway, status),
      conditionRemark(gateway, status, productionWarning, 'False'),
    ]) {
      if (remark !== undefined) events.record({ about: gateway, ...remark });
    }
    return { wrote };
  }

  async #profilesOf({ metadata, spec }: Gateway, key: string): Promise<NamedServerProfile[]> {
    const { store, kinds } = this.context;
    const named = new Set(spec.sni.map(({ tlsServerProfileRef }) => refTerm(tlsServerProfileRef, metadata.namespace)));
    const places = [...named].map(placeOf);
    const terms = new Set(places.map(({ namespace, name }) => objectTerm('TLSServerProfile', namespace, name)));
    for (const term of terms) this.#references.add(key, term);
    this.#references.keepOnly(key, terms);
    return Promise.all(
      places.map(async (place) => ({ place, object: await store.get({ kind: kinds.serverProfile, ...place }) })),
    );
  }

  async #nodesOf(gateway: Gateway): Promise<GatewayNode[]> {
    const { store, kinds } = this.context;
    const value = `${gateway.metadata.namespace ?? ''}/${gateway.metadata.name}`;
    return (await store.list({ kind: kinds.gatewayNode }, { index: { name: 'gateway', value } })).items;
  }

  /** The default profiles among its own, and those by which it calls backends. */
  async #defaultsOf(gateway: Gateway, profiles: readonly NamedServerProfile[]): Promise<string[]> {
    const { store, kinds } = this.context;
    const used: KubeObject[] = profiles.flatMap(({ object }) =>
      object !== undefined && isDefault(object) ? [object] : [],
    );
    const labels = `${chanceryKeys.isDefault}=true`;
    const { items } = await store.list({ kind: kinds.clientProfile, namespace: systemNamespace }, { labels });
    for (const profile of items) {
      const term = `${profile.metadata.namespace ?? ''}/${profile.metadata.name}`;
      const apis = await directUsers(this.context, profile);
      if (apis.some((api) => callsWith(gateway, api as never, term))) used.push(profile);
    }
    return used.map(termOf);
  }
}

function gatewayOf({ metadata, spec }: GatewayNode): string {
  const { namespace, name } = placeOf(refTerm(spec.gatewayRef, metadata.namespace));
  return objectTerm('Gateway', namespace, name);
}
