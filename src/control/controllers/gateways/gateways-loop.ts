import { chanceryKeys, refTerm } from '#model/resources';
import type { API, Gateway, GatewayNode } from '#model/resources';
import { objectTerm } from '#model/stores';
import { callsWith, gatewayStatus, productionWarning } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import { systemNamespace } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessChanged, specChanged } from '../profiles/profiles-loop.ts';
import { conditionRemark, readinessRemark } from '../remarks.ts';
import { StatusLoop, allObjects } from '../status-loop.ts';
import { directUsers, termOf } from '../usage/direct-users.ts';
import { saysSomethingNew } from './node-news.ts';
import { ProfileVerdicts } from './profile-verdicts.ts';

const gatewayKey = 'Gateway ';
const everyKey = 'every';

/** Nodes and profiles change in bursts, and one status tells of them all. */
const burstMilliseconds = 200;
const everyMilliseconds = 500;

/**
 * Tells of each Gateway whether its profiles can be used, how far its nodes are, and which default profiles it uses in
 * production. Keys: `Gateway ns/name`; `every`, all in production.
 */
export class GatewaysLoop extends StatusLoop {
  readonly #verdicts: ProfileVerdicts;

  constructor(context: LoopContext) {
    super(context, {
      name: 'gateways',
      concurrency: 2,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
    this.#verdicts = new ProfileVerdicts(context);
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
      for (const key of this.#verdicts.invalidate(termOf(object))) this.#askSoon(key, burstMilliseconds);
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
      for await (const gateway of allObjects(store, kinds.gateway)) {
        if (gateway.spec.production === true) this.queue.add(termOf(gateway));
      }
      return {};
    }
    const gateway = await store.get({ kind: kinds.gateway, ...placeOf(key.slice(gatewayKey.length)) });
    if (gateway !== undefined) return this.#settle(gateway, key);
    this.#verdicts.forget(key);
    return {};
  }

  async #settle(gateway: Gateway, key: string): Promise<WorkResult> {
    const { clock, kinds, events } = this.context;
    const { flaws, defaults } = await this.#verdicts.of(gateway, key);
    const nodes = await this.#nodesOf(gateway);
    const defaultsInProduction =
      gateway.spec.production === true ? [...defaults, ...(await this.#defaultsCalledWith(gateway))] : [];
    const status = gatewayStatus(gateway, { flaws, nodes, defaultsInProduction }, clock.now());
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

  async #nodesOf(gateway: Gateway): Promise<GatewayNode[]> {
    const { store, kinds } = this.context;
    const value = `${gateway.metadata.namespace ?? ''}/${gateway.metadata.name}`;
    return (await store.list({ kind: kinds.gatewayNode }, { index: { name: 'gateway', value } })).items;
  }

  /** The default profiles by which it calls backends. */
  async #defaultsCalledWith(gateway: Gateway): Promise<string[]> {
    const { store, kinds } = this.context;
    const labels = `${chanceryKeys.isDefault}=true`;
    const { items } = await store.list({ kind: kinds.clientProfile, namespace: systemNamespace }, { labels });
    const used: string[] = [];
    for (const profile of items) {
      const term = `${systemNamespace}/${profile.metadata.name}`;
      const apis = (await directUsers(this.context, profile)) as API[];
      if (apis.some((api) => callsWith(gateway, api, term))) used.push(termOf(profile));
    }
    return used;
  }
}

function gatewayOf({ metadata, spec }: GatewayNode): string {
  const { namespace, name } = placeOf(refTerm(spec.gatewayRef, metadata.namespace));
  return objectTerm('Gateway', namespace, name);
}
