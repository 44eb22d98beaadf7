import { conditionOf } from '#model/objects';
import { chanceryKeys } from '#model/resources';
import type { Gateway, Kind, ObjectRef } from '#model/resources';
import { objectTerm } from '#model/stores';
import { isDefault, productionGateways, productionWarning, profileStatus } from '#model/statuses';
import type { NamedStore, Profile } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import { systemNamespace } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { allTerms } from '../scan.ts';
import { conditionRemark, readinessRemark } from '../remarks.ts';
import { StatusLoop, allObjects } from '../status-loop.ts';
import type { WithStatus } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { termOf, usesChanged } from '../usage/direct-users.ts';
import { usedByFields } from '../usage/used-by-fields.ts';
import { usersOf } from '../usage/users.ts';

const kindNames = ['TLSServerProfile', 'TLSClientProfile'] as const;
const defaultsKey = 'defaults';
const gatheringMilliseconds = 200;

/**
 * Tells of each TLS profile whether it can be used and who uses it, and warns of default profiles in production. Keys:
 * `TLSServerProfile ns/name`, `TLSClientProfile ns/name`; `defaults`: those made at installation, and those for hosts.
 */
export class ProfilesLoop extends StatusLoop {
  readonly #references = new References();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'profiles',
      concurrency,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.serverProfile);
    await this.addAll(this.context.kinds.clientProfile);
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    const { object, kind, type } = change;
    const { resourceVersion } = object.metadata;
    if (kind === kinds.serverProfile || kind === kinds.clientProfile) {
      if (type !== 'DELETED' && !change.own) this.queue.add(termOf(object), resourceVersion);
    } else if (kind === kinds.keystore || kind === kinds.truststore) {
      if (readinessChanged(change)) this.#addReaders(change);
    } else if (kind === kinds.gateway || kind === kinds.api) {
      for (const term of usesChanged(kinds, change, kindNames)) this.queue.add(term, resourceVersion);
      if (specChanged(change)) this.#askDefaults();
    }
  }

  #addReaders({ object }: LoopChange): void {
    for (const reader of this.#references.readersOf(termOf(object))) {
      this.queue.add(reader, object.metadata.resourceVersion);
    }
  }

  /** Which gateway serves which API may have changed, or which server it calls, and with it which profiles are used where. */
  #askDefaults(): void {
    this.queue.addAt(defaultsKey, new Date(this.context.clock.now().getTime() + gatheringMilliseconds));
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key === defaultsKey) return this.#addDefaults();
    const { store, kinds } = this.context;
    const space = key.indexOf(' ');
    const kind = (
      key.slice(0, space) === 'TLSServerProfile' ? kinds.serverProfile : kinds.clientProfile
    ) as Kind<Profile>;
    const profile = await store.get({ kind, ...placeOf(key.slice(space + 1)) });
    if (profile !== undefined) return this.#settle(kind, profile, key);
    this.#references.forget(key);
    return {};
  }

  async #addDefaults(): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const labels = `${chanceryKeys.isDefault}=true`;
    for (const kind of [kinds.serverProfile, kinds.clientProfile] as Kind<Profile>[]) {
      const { items } = await store.list({ kind, namespace: systemNamespace }, { labels });
      for (const profile of items) this.queue.add(termOf(profile));
    }
    for await (const key of allTerms(store, kinds.clientProfile, 'server')) this.queue.add(`TLSClientProfile ${key}`);
    return {};
  }

  async #settle(kind: Kind<Profile>, profile: Profile, key: string): Promise<WorkResult> {
    const { clock, events } = this.context;
    const stores = await this.#storesOf(profile, key);
    const users = await usersOf(this.context, profile);
    const surroundings = {
      stores,
      usedBy: usedByFields(users),
      productionGateways: isDefault(profile) ? productionGateways(profile, users, await this.#gateways()) : [],
    };
    const status = profileStatus(profile, surroundings, clock.now());
    const wrote = await this.write(kind, profile, status);
    if (wrote.length === 0) return {};
    for (const remark of [
      readinessRemark(profile, status),
      conditionRemark(profile, status, productionWarning, 'False'),
    ]) {
      if (remark !== undefined) events.record({ about: profile, ...remark });
    }
    return { wrote };
  }

  async #storesOf(profile: Profile, key: string): Promise<NamedStore[]> {
    const { keystoreRef, truststoreRef } = profile.spec;
    const terms = new Set<string>();
    const found = [
      ...(await this.#storeAt('Keystore', keystoreRef, profile, key, terms)),
      ...(await this.#storeAt('Truststore', truststoreRef, profile, key, terms)),
    ];
    this.#references.keepOnly(key, terms);
    return found;
  }

  async #storeAt(
    kind: NamedStore['kind'],
    ref: ObjectRef | undefined,
    { metadata }: Profile,
    key: string,
    terms: Set<string>,
  ): Promise<NamedStore[]> {
    if (ref === undefined) return [];
    const { store, kinds } = this.context;
    const place = { namespace: ref.namespace || (metadata.namespace ?? ''), name: ref.name };
    const term = objectTerm(kind, place.namespace, place.name);
    terms.add(term);
    this.#references.add(key, term);
    const object =
      kind === 'Keystore'
        ? await store.get({ kind: kinds.keystore, ...place })
        : await store.get({ kind: kinds.truststore, ...place });
    return [{ kind, ...place, object }];
  }

  async #gateways(): Promise<Gateway[]> {
    const { store, kinds } = this.context;
    return Array.fromAsync(allObjects(store, kinds.gateway));
  }
}

/** Whether an object came, went, or says something else of its readiness. */
export function readinessChanged({ type, object, previous }: LoopChange): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [before, after] = [previous, object].map((one) => conditionOf((one as WithStatus).status?.conditions, 'Ready'));
  return before?.status !== after?.status || before?.message !== after?.message;
}

/** Whether an object came, went, or is meant differently. */
export function specChanged({ type, object, previous }: LoopChange): boolean {
  return type !== 'MODIFIED' || previous?.metadata.generation !== object.metadata.generation;
}
