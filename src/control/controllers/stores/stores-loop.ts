import type { Keystore, Kind, TrustBundle, Truststore } from '#model/resources';
import { withExpiry } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { StatusLoop } from '../status-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { directUsers, termOf, usesChanged } from '../usage/direct-users.ts';
import { References } from './references.ts';
import { readReferred } from './referred-objects.ts';
import { StoreContents } from './store-contents.ts';
import { withWaiting } from './waiting-status.ts';

type AnyStore = Keystore | Truststore;

const kindNames = ['Keystore', 'Truststore'] as const;

/**
 * Tells of each Keystore and Truststore what is in it, whether it can be used, and who does. Secrets and Certificates are
 * looked at only where a store came upon them. Keys: `Keystore ns/name`, `Truststore ns/name`.
 */
export class StoresLoop extends StatusLoop {
  readonly #references = new References();
  readonly #contents: StoreContents;
  /** Kinds that stores are made from. */
  readonly #referred: ReadonlySet<unknown>;
  /** Kinds that use stores. */
  readonly #users: ReadonlySet<unknown>;

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'stores',
      concurrency,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 60_000 },
    });
    this.#contents = new StoreContents(context.crypto);
    const { secret, certificate, keystore, truststore, serverProfile, clientProfile } = context.kinds;
    const { trustBundle, workload } = context.kinds;
    this.#referred = new Set<unknown>([secret, certificate, keystore, truststore, trustBundle]);
    this.#users = new Set<unknown>([keystore, truststore, serverProfile, clientProfile, trustBundle, workload]);
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.keystore);
    await this.addAll(this.context.kinds.truststore);
  }

  override onChange(change: LoopChange): void {
    const { resourceVersion } = change.object.metadata;
    if (this.#referred.has(change.kind)) this.#referredChanged(change);
    if (!this.#users.has(change.kind)) return;
    for (const term of usesChanged(this.context.kinds, change, kindNames)) this.queue.add(term, resourceVersion);
  }

  #referredChanged(change: LoopChange): void {
    const { object, type, previous } = change;
    const { kinds } = this.context;
    if (change.kind === kinds.trustBundle && isSameSet(change as LoopChange<TrustBundle>)) return;
    const isStore = change.kind === kinds.keystore || change.kind === kinds.truststore;
    const term = termOf(object);
    if (isStore) {
      // What others say in the status of a store changes nothing about what it is made of.
      const sameSpec = type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation;
      if (type !== 'DELETED' && !change.own) this.queue.add(term, object.metadata.resourceVersion);
      if (sameSpec) return;
    }
    for (const reader of this.#references.readersOf(term)) this.queue.add(reader, object.metadata.resourceVersion);
  }

  protected override async work(key: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const space = key.indexOf(' ');
    const kind = (key.slice(0, space) === 'Keystore' ? kinds.keystore : kinds.truststore) as Kind<AnyStore>;
    const object = await store.get({ kind, ...placeOf(key.slice(space + 1)) });
    if (object === undefined) {
      this.#references.forget(key);
      return {};
    }
    return this.#settle(kind, object, key);
  }

  async #settle(kind: Kind<AnyStore>, object: AnyStore, key: string): Promise<WorkResult> {
    const { clock, events } = this.context;
    const referred = await readReferred(this.context, object, (term) => this.#references.add(key, term));
    this.#references.keepOnly(key, referred);
    const users = (await directUsers(this.context, object)).map(termOf);
    const now = clock.now();
    const found = await this.#contents.statusOf(object, referred, users, now);
    const { status, nextChange } = withExpiry(object, withWaiting(object, found, now), now);
    const wrote = await this.write(kind, object, status);
    const remark = readinessRemark(object, status);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: object, ...remark });
    return { wrote, again: nextChange };
  }
}

/** Of a bundle a store reads what it trusts, and nothing else. */
function isSameSet({ object, previous, type }: LoopChange<TrustBundle>): boolean {
  return type === 'MODIFIED' && previous?.status?.digest === object.status?.digest;
}
