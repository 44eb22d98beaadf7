import type { Rotation, TrustBundle } from '#model/resources';
import { createStoreMemo, objectTerm } from '#model/stores';
import type { StoreMemo } from '#model/stores';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { termOf } from '../usage/direct-users.ts';
import { bundleOrders } from './bundle-orders.ts';
import { settleBundle } from './settle-bundle.ts';

const remembered = 256;
const rotationKey = 'Rotation ';
const bundleKey = 'TrustBundle ';

/**
 * Keeps every TrustBundle true: what it trusts, in generations, and the files that it is written as. Sources are looked at
 * only where a bundle came upon them. Keys: `TrustBundle ns/name`; `Rotation ns/name`, all that hold a CA of it.
 */
export class TrustBundlesLoop extends StatusLoop {
  readonly #references = new References();
  readonly #memo: StoreMemo = createStoreMemo(remembered);
  readonly #referred: ReadonlySet<unknown>;

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'trust-bundles',
      concurrency,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
    const { secret, configMap, certificate, truststore, keystore, trustBundle } = context.kinds;
    this.#referred = new Set<unknown>([secret, configMap, certificate, truststore, keystore, trustBundle]);
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.trustBundle);
  }

  override onChange(change: LoopChange): void {
    const { kind, object, own, type } = change;
    const { kinds } = this.context;
    const { resourceVersion } = object.metadata;
    const term = termOf(object);
    if (kind === kinds.rotation) {
      if (ordersDiffer(change as LoopChange<Rotation>)) this.queue.add(term, resourceVersion);
      return;
    }
    if (!this.#referred.has(kind)) return;
    if (kind === kinds.trustBundle) {
      if (type !== 'DELETED' && !own) this.queue.add(term, resourceVersion);
      if (isSameSet(change as LoopChange<TrustBundle>)) return;
    }
    for (const reader of this.#references.readersOf(term)) this.queue.add(reader, resourceVersion);
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key.startsWith(rotationKey)) return this.#addConcerned(key.slice(rotationKey.length));
    const { store, kinds } = this.context;
    const bundle = await store.get({ kind: kinds.trustBundle, ...placeOf(key.slice(bundleKey.length)) });
    if (bundle !== undefined && bundle.metadata.deletionTimestamp === undefined) return this.#settle(bundle, key);
    this.#references.forget(key);
    return {};
  }

  async #settle(before: TrustBundle, key: string): Promise<WorkResult> {
    const orders = await bundleOrders(this.context);
    const terms = new Set<string>();
    const onTerm = (term: string): void => {
      terms.add(term);
      this.#references.add(key, term);
    };
    const { bundle, wrote } = await settleBundle(this.context, before, orders, this.#memo, onTerm);
    this.#references.keepOnly(key, terms);
    const remark = readinessRemark(before, bundle.status);
    if (wrote.length > 0 && remark !== undefined) this.context.events.record({ about: bundle, ...remark });
    this.#tellGeneration(before, bundle);
    return { wrote };
  }

  #tellGeneration({ status: before }: TrustBundle, bundle: TrustBundle): void {
    const { bundleGeneration, count } = bundle.status ?? {};
    if (before?.bundleGeneration === undefined || before.bundleGeneration === bundleGeneration) return;
    const message = `generation ${bundleGeneration}: ${count} certificate${count === 1 ? '' : 's'} trusted`;
    this.context.events.record({ about: bundle, type: 'Normal', reason: 'TrustChanged', message });
  }

  /** What a Rotation asks for concerns the bundles that hold one of its CAs. */
  async #addConcerned(place: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const rotation = await store.get({ kind: kinds.rotation, ...placeOf(place) });
    for (const authority of [rotation?.status?.old, rotation?.status?.next]) {
      if (authority === undefined) continue;
      const index = { name: 'fingerprint', value: authority.fingerprint };
      const { items } = await store.list({ kind: kinds.trustBundle }, { index });
      for (const { metadata } of items) this.queue.add(objectTerm('TrustBundle', metadata.namespace, metadata.name));
    }
    return {};
  }
}

function ordersDiffer({ object, previous, type }: LoopChange<Rotation>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [before, after] = [previous.status, object.status];
  return before?.stage !== after?.stage || before?.next?.fingerprint !== after?.next?.fingerprint;
}

/** Others read what a bundle trusts, and who it is made from for circles. */
function isSameSet({ object, previous, type }: LoopChange<TrustBundle>): boolean {
  return (
    type === 'MODIFIED' &&
    previous?.metadata.generation === object.metadata.generation &&
    previous?.status?.digest === object.status?.digest
  );
}
