import { deepEqual } from '#model/objects';
import type { TrustBundle, Workload } from '#model/resources';
import { desiredMaterials, livingReports, nextSilence, workloadStatus } from '#model/workloads';
import type { WorkloadVerdict } from '#model/workloads';
import type { Write } from '#control/store';
import type { WorkResult } from '#control/runtime';
import { updateStatus } from '../certificates/planned-writes.ts';
import { statusOptions } from '../context.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop } from '../status-loop.ts';
import { References } from '../stores/references.ts';
import { lookupIn, readReferred } from '../stores/referred-objects.ts';
import { termOf } from '../usage/direct-users.ts';
import { MarkMemo } from './mark-memo.ts';

const workloadKey = 'Workload ';
/**
 * Changes that come together are told together: many certificates are often issued at once. Who rests on many objects
 * waits longer for them, because each look reads them all.
 */
const burst = { least: 20, each: 2, longest: 250 } as const;
const reportMilliseconds = 200;

/**
 * Tells in the status of each Workload what its instances shall have, in which generation, and how far they are. What the
 * instances say themselves is theirs. Keys: `Workload ns/name`.
 */
export class WorkloadsLoop extends StatusLoop {
  readonly #references = new References();
  readonly #memo = new MarkMemo();
  readonly #referred: ReadonlySet<unknown>;

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
      if (own || type === 'DELETED') return;
      const isReport = type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation;
      if (!isReport) this.queue.add(term, object.metadata.resourceVersion);
      else if (saysSomethingNew(previous as Workload, object as Workload)) this.#askSoon(term, reportMilliseconds);
      return;
    }
    if (!this.#referred.has(kind)) return;
    if (kind === kinds.trustBundle && isSameSet(change as LoopChange<TrustBundle>)) return;
    for (const reader of this.#references.readersOf(term)) {
      const milliseconds = this.#references.countOf(reader) * burst.each;
      this.#askSoon(reader, Math.min(burst.longest, Math.max(burst.least, milliseconds)));
    }
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
    return {};
  }

  async #settle(workload: Workload, key: string): Promise<WorkResult> {
    const { clock, events } = this.context;
    const referred = await readReferred(this.context, workload, (term) => this.#references.add(key, term));
    this.#references.keepOnly(key, referred);
    const now = clock.now();
    const desired = desiredMaterials(lookupIn(referred), workload, now, this.#memo.over(referred));
    const verdict = workloadStatus(workload, desired, now);
    const wrote = await this.#write(workload, verdict, now);
    const remark = readinessRemark(workload, verdict);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: workload, ...remark });
    return { wrote, again: nextSilence(workload, now) };
  }

  /** Only what is ours is applied: the instances report into the same status at any time. */
  async #write(workload: Workload, verdict: WorkloadVerdict, now: Date): Promise<string[]> {
    const { kinds, store, echoes } = this.context;
    const { apiVersion, kind, metadata, status = {} } = workload;
    const { observedGeneration, conditions, materials, counts } = status;
    const isSame = deepEqual(drop({ observedGeneration, conditions, materials, counts }), drop(verdict));
    const instances = livingReports(workload, now);
    const isForgetful = instances !== (status.instances ?? instances);
    if (isSame && !isForgetful) return [];
    const { name, namespace = '' } = metadata;
    const body = { apiVersion, kind, metadata: { name, namespace }, status: verdict };
    const write: Write = isForgetful
      ? updateStatus(kinds.workload, { ...workload, status: { ...status, ...verdict, instances: [...instances] } })
      : {
          op: 'patch',
          ref: { kind: kinds.workload, namespace, name },
          patch: { type: 'apply', body, force: true },
          options: statusOptions,
        };
    const [stored] = await store.sequence([write]);
    const { resourceVersion } = stored!.metadata;
    echoes.expect([resourceVersion]);
    return [resourceVersion];
  }
}

const drop = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const said = ({ status }: Workload): object[] =>
  (status?.instances ?? []).map(({ name, site, startedTime, persists, materials }) => [
    name,
    site,
    startedTime,
    persists,
    materials,
  ]);

/** Most of what instances write is a sign of life. */
function saysSomethingNew(before: Workload, after: Workload): boolean {
  const wasLost = before.status?.conditions?.some(({ reason }) => reason === 'InstanceLost') ?? false;
  return wasLost || !deepEqual(said(before), said(after));
}

function isSameSet({ object, previous, type }: LoopChange<TrustBundle>): boolean {
  return type === 'MODIFIED' && previous?.status?.digest === object.status?.digest;
}
