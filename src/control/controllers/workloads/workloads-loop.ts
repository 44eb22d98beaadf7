import { deepEqual, mergePatchOf } from '#model/objects';
import { reportIn, reportsIn } from '#model/resources';
import type { TrustBundle, Workload, WorkloadInstance } from '#model/resources';
import { desiredMaterials, isGone, nextSilence, workloadStatus } from '#model/workloads';
import type { WorkloadVerdict } from '#model/workloads';
import type { WorkResult } from '#control/runtime';
import { statusOptions, writeOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { lookupIn, readReferred } from '../stores/referred-objects.ts';
import { termOf } from '../usage/direct-users.ts';
import { instancesOf, workloadOf } from './instance-reports.ts';
import { MarkMemo } from './mark-memo.ts';
import { ReferredMemo } from './referred-memo.ts';

const workloadKey = 'Workload ';
/**
 * Changes that come together are told together: many certificates are often issued at once. Who rests on many objects
 * waits longer for them, because each look goes through them all.
 */
const burst = { least: 20, each: 2, longest: 250 } as const;
const reportMilliseconds = 500;
/** Two kilobytes each. */
const rememberedObjects = 20_000;

/**
 * Tells in the status of each Workload what its instances shall have, in which generation, and how far they are. By what
 * these report in their WorkloadInstances. Keys: `Workload ns/name`.
 */
export class WorkloadsLoop extends StatusLoop {
  readonly #references = new References();
  readonly #memo = new MarkMemo();
  readonly #read = new ReferredMemo(rememberedObjects);
  readonly #referred: ReadonlySet<unknown>;
  /** Workloads of which an instance gives no sign of life. */
  readonly #withLost = new Set<string>();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'workloads',
      concurrency,
      backOff: { firstMilliseconds: 200, longestMilliseconds: 60_000 },
    });
    const { secret, certificate, keystore, truststore, trustBundle } = context.kinds;
    this.#referred = new Set<unknown>([secret, certificate, keystore, truststore, trustBundle]);
  }

  override async start(): Promise<void> {
    await this.addAll(this.context.kinds.workload);
  }

  override onChange(change: LoopChange): void {
    const { kind, object, own, type, previous } = change;
    const { kinds } = this.context;
    const term = termOf(object);
    if (kind === kinds.workload) {
      const isWish = type !== 'MODIFIED' || previous?.metadata.generation !== object.metadata.generation;
      if (!own && isWish) this.queue.add(term, object.metadata.resourceVersion);
      return;
    }
    if (kind === kinds.workloadInstance) return this.#reported(change as LoopChange<WorkloadInstance>);
    if (!this.#referred.has(kind)) return;
    this.#read.forget(term);
    if (kind === kinds.trustBundle && isSameSet(change as LoopChange<TrustBundle>)) return;
    for (const reader of this.#references.readersOf(term)) {
      const milliseconds = this.#references.countOf(reader) * burst.each;
      this.#askSoon(reader, Math.min(burst.longest, Math.max(burst.least, milliseconds)));
    }
  }

  /** Most of what instances write is a sign of life, and matters only of one that was lost. */
  #reported({ object, previous, type }: LoopChange<WorkloadInstance>): void {
    const key = workloadOf(object);
    const isNews = type !== 'MODIFIED' || this.#withLost.has(key) || !deepEqual(said(previous), said(object));
    if (isNews) this.#askSoon(key, reportMilliseconds);
  }

  #askSoon(key: string, milliseconds: number): void {
    this.queue.addAt(key, new Date(this.context.clock.now().getTime() + milliseconds));
  }

  protected override async work(key: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const workload = await store.get({ kind: kinds.workload, ...placeOf(key.slice(workloadKey.length)) });
    if (workload !== undefined && workload.metadata.deletionTimestamp === undefined) {
      return this.#settle(workload, key);
    }
    this.#references.forget(key);
    this.#withLost.delete(key);
    return {};
  }

  async #settle(workload: Workload, key: string): Promise<WorkResult> {
    const { clock, events } = this.context;
    const referred = await readReferred(this.context, workload, (term) => this.#references.add(key, term), this.#read);
    this.#references.keepOnly(key, referred);
    const now = clock.now();
    const desired = desiredMaterials(lookupIn(referred), workload, now, this.#memo.over(referred));
    const instances = await this.#living(workload, now);
    const reports = reportsIn(instances);
    const verdict = workloadStatus(workload, reports, desired, now);
    if (verdict.conditions?.some(({ reason }) => reason === 'InstanceLost') === true) this.#withLost.add(key);
    else this.#withLost.delete(key);
    const wrote = await this.#write(workload, verdict);
    const remark = readinessRemark(workload, verdict);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: workload, ...remark });
    return { wrote, again: nextSilence(reports, now) };
  }

  /** The instances, without those that are gone: these are taken away. */
  async #living(workload: Workload, now: Date): Promise<WorkloadInstance[]> {
    const living: WorkloadInstance[] = [];
    for (const one of await instancesOf(this.context, workload)) {
      if (isGone(workload, reportIn(one), now)) await this.#forget(one);
      else living.push(one);
    }
    return living;
  }

  async #forget({ metadata }: WorkloadInstance): Promise<void> {
    const { store, kinds } = this.context;
    const ref = { kind: kinds.workloadInstance, namespace: metadata.namespace ?? '', name: metadata.name };
    const { uid, resourceVersion } = metadata;
    await store.delete(ref, { ...writeOptions, uid, resourceVersion });
  }

  /** Rotations write what they ask into the same status at any time: only what is ours is changed. */
  async #write({ metadata, status = {} }: Workload, verdict: WorkloadVerdict): Promise<string[]> {
    const { kinds, store, echoes } = this.context;
    const { asked: _, ...before } = status;
    const changed = mergePatchOf(before, verdict);
    if (Object.keys(changed).length === 0) return [];
    const ref = { kind: kinds.workload, namespace: metadata.namespace ?? '', name: metadata.name };
    const { object: stored } = await store.patch(ref, { type: 'merge', body: { status: changed } }, statusOptions);
    const { resourceVersion } = stored.metadata;
    echoes.expect([resourceVersion]);
    return [resourceVersion];
  }
}

function said(instance: WorkloadInstance | undefined): object {
  const { lastSeenTime: _, ...rest } = instance?.status ?? {};
  return rest;
}

function isSameSet({ object, previous, type }: LoopChange<TrustBundle>): boolean {
  return type === 'MODIFIED' && previous?.status?.digest === object.status?.digest;
}
