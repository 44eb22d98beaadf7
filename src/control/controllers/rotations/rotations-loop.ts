import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import type { Rotation, RotationStatus } from '#model/resources';
import { isCurrent, nextRotationStep, planRotation } from '#model/rotation';
import type { Act, Refusal, RotationSnapshot, Wait, WriteStatus } from '#model/rotation';
import type { WorkResult } from '#control/runtime';
import { updateStatus } from '../certificates/planned-writes.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop, keyOf, placeOf } from '../queue-loop.ts';
import { allTerms } from '../scan.ts';
import { allObjects } from '../status-loop.ts';
import { ActRefused } from './acts/act.ts';
import { crossSign, needsCross } from './acts/cross-sign.ts';
import { doAct } from './acts/do-act.ts';
import { gatherRotation } from './gather.ts';
import type { Gathered, RotationMind } from './gather.ts';
import { HandshakeTally } from './handshake-tally.ts';
import type { RotationMetrics } from './rotation-metrics.ts';
import { changedStatus } from './rotation-progress.ts';
import { countsOf, isSameStatus, refusalObstacles, toldStatus } from './rotation-status.ts';
import type { Findings } from './rotation-status.ts';
import { WorkloadRegistry } from './workload-registry.ts';

/** What a run of the machine may do before it lets others have a turn. */
const mostSteps = 200;
/** Reports and certificates come in bursts; looking at all of them costs as much as looking at one. */
const burstMilliseconds = 50;
/** So much of the time at most goes into looking: the longer a look takes, the longer the next one waits. */
const restFactor = 4;

interface Running extends RotationMind {
  readonly tally: HandshakeTally;
  /** How long the last look took, milliseconds. */
  cost: number;
}

/**
 * Replaces CAs: looks at a Rotation and all that it depends on, has `#model/rotation` decide, writes that down, and only
 * then does it. Who is killed in between finds the same decision again. One Rotation is worked on at a time, so that two
 * of the same CA cannot begin together. Keys: `ns/name`.
 */
export class RotationsLoop extends QueueLoop {
  readonly #running = new Map<string, Running>();
  readonly #metrics: RotationMetrics;
  readonly #told: ReadonlySet<unknown>;
  #workloads: WorkloadRegistry | undefined;

  constructor(context: LoopContext, metrics: RotationMetrics) {
    super(context, {
      name: 'rotations',
      concurrency: 1,
      backOff: { firstMilliseconds: 200, longestMilliseconds: 30_000 },
    });
    this.#metrics = metrics;
    const { rotation, workload, workloadInstance } = context.kinds;
    this.#told = new Set<unknown>([rotation, workload, workloadInstance]);
  }

  override async start(): Promise<void> {
    const { store, kinds } = this.context;
    for await (const key of allTerms(store, kinds.rotation, 'running')) this.queue.add(key);
    for (const kind of [kinds.rotation, kinds.workload, kinds.workloadInstance] as const) {
      for await (const object of allObjects<KubeObject>(store, kind)) this.#metrics.note(object);
    }
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    const { kind, object, type, own } = change;
    if (this.#told.has(kind)) this.#metrics.onChange(change);
    if (kind === kinds.rotation) this.#rotationChanged(change as LoopChange<Rotation>);
    if (this.#running.size === 0 || (kind === kinds.rotation && own && type !== 'DELETED')) return;
    const concernsWorkloads = this.#workloads?.note(change) ?? false;
    const isTrust = kind === kinds.trustBundle || kind === kinds.truststore;
    for (const [key, running] of this.#running) {
      const isLeaf = running.leaves?.note(change) ?? false;
      if (isLeaf || concernsWorkloads || isTrust || isAuthority(running, object)) this.#askSoon(key, running);
    }
  }

  #rotationChanged(change: LoopChange<Rotation>): void {
    const { object, type, own } = change;
    if (type === 'DELETED') this.#forget(keyOf(change));
    else if (!own) this.queue.add(keyOf(change), object.metadata.resourceVersion);
    // One that waited for this one may begin.
    if (type === 'DELETED' || object.status?.completedTime !== undefined) {
      for (const key of this.#running.keys()) if (key !== keyOf(change)) this.queue.add(key);
    }
  }

  #askSoon(key: string, { cost }: Running): void {
    const wait = Math.max(burstMilliseconds, cost * restFactor);
    this.queue.addAt(key, new Date(this.context.clock.now().getTime() + wait));
  }

  #forget(key: string): void {
    this.#running.delete(key);
    if (this.#running.size === 0) this.#workloads = undefined;
  }

  protected override async work(key: string): Promise<WorkResult> {
    const running = this.#runningOf(key);
    const began = performance.now();
    try {
      return await this.#advance(key, running);
    } finally {
      running.cost = performance.now() - began;
    }
  }

  #runningOf(key: string): Running {
    const running = this.#running.get(key) ?? { leaves: undefined, root: '', tally: new HandshakeTally(), cost: 0 };
    this.#running.set(key, running);
    this.#workloads ??= new WorkloadRegistry(this.context);
    return running;
  }

  async #advance(key: string, running: Running): Promise<WorkResult> {
    const wrote: string[] = [];
    for (let step = 0; step < mostSteps; step += 1) {
      const rotation = await this.context.store.get({ kind: this.context.kinds.rotation, ...placeOf(key) });
      if (rotation === undefined || rotation.status?.completedTime !== undefined) {
        this.#forget(key);
        return { wrote };
      }
      const gathered = await gatherRotation(this.context, rotation, running, this.#workloads!);
      if ('problem' in gathered) {
        const { reason, message, hint } = gathered.problem;
        const standstill = { reason, message: `${message}. ${hint}` };
        wrote.push(...(await this.#tell(rotation, { blocking: [], standstill })));
        return { wrote, again: this.#later(30_000) };
      }
      const done = await this.#step(gathered, running);
      wrote.push(...done.wrote);
      if (done.rests) return { wrote, again: done.until };
    }
    this.queue.add(key);
    return { wrote };
  }

  /** Takes one step; `rests`: there is nothing more to do until something changes. */
  async #step(gathered: Gathered, running: Running): Promise<Stepped> {
    const { rotation, snapshot } = gathered;
    const refused = refusalsOf(rotation, snapshot);
    if (refused !== undefined) return this.#rest(gathered, running, refused);
    if (needsCross(gathered)) return this.#doing(gathered, running, () => crossSign(this.context, gathered));
    const step = nextRotationStep(snapshot);
    if (step.do === 'write') return this.#enter(gathered, running, step);
    if (step.do === 'act') return this.#act(gathered, running, step);
    return this.#rest(gathered, running, waiting(step), step.until);
  }

  async #enter({ rotation, snapshot }: Gathered, running: Running, step: WriteStatus): Promise<Stepped> {
    const status = changedStatus(rotation.status ?? {}, step.change);
    const passed = step.gates.length === 0 ? {} : { gates: step.gates };
    const findings = { blocking: [], ...passed, ...this.#counts(rotation, snapshot, running) };
    const wrote = await this.#write(rotation, toldStatus(rotation, status, findings, snapshot.now));
    const isBad = status.stage === 'Rollback' || (status.result ?? 'succeeded') !== 'succeeded';
    const reason = status.completedTime === undefined ? (status.stage ?? 'Stable') : readyReason(status);
    this.context.events.record({ about: rotation, type: isBad ? 'Warning' : 'Normal', reason, message: step.why });
    return { wrote, rests: false };
  }

  async #act(gathered: Gathered, running: Running, step: Act): Promise<Stepped> {
    if (!isCurrent(step, gathered.snapshot.progress)) return { wrote: [], rests: false };
    return this.#doing(gathered, running, () => doAct(this.context, gathered, step.act), step.act.action);
  }

  /** Does something that may be refused by how things stand; what wrote nothing comes by itself. */
  async #doing(
    gathered: Gathered,
    running: Running,
    work: () => Promise<boolean | void>,
    name = 'crossSign',
  ): Promise<Stepped> {
    try {
      if ((await work()) !== false) return { wrote: [], rests: false };
    } catch (error) {
      const refusal = refusedBy(error);
      if (refusal === undefined) throw error;
      this.context.events.record({ about: gathered.rotation, type: 'Warning', reason: 'Refused', message: refusal });
      const standstill = { reason: 'Refused', message: refusal };
      return this.#rest(gathered, running, { blocking: [], standstill }, this.#later(30_000));
    }
    return this.#rest(gathered, running, { blocking: [pendingWork(name)] });
  }

  async #rest(gathered: Gathered, running: Running, findings: Findings, until?: Date): Promise<Stepped> {
    const { rotation, snapshot } = gathered;
    const counts = rotation.status?.stage === undefined ? {} : this.#counts(rotation, snapshot, running);
    return { wrote: await this.#tell(rotation, { ...findings, ...counts }), rests: true, until };
  }

  #counts({ status }: Rotation, snapshot: RotationSnapshot, { tally }: Running): Partial<Findings> {
    const handshakes = tally.count(status?.handshakes, this.#workloads!.known);
    return { ...countsOf(snapshot), handshakes };
  }

  #tell(rotation: Rotation, findings: Findings): Promise<string[]> {
    const now = this.context.clock.now();
    return this.#write(rotation, toldStatus(rotation, rotation.status ?? {}, findings, now));
  }

  async #write(rotation: Rotation, status: RotationStatus): Promise<string[]> {
    if (isSameStatus(rotation.status, status)) return [];
    const { store, kinds, echoes } = this.context;
    const [stored] = await store.sequence([updateStatus(kinds.rotation, { ...rotation, status })]);
    const wrote = [stored!.metadata.resourceVersion];
    echoes.expect(wrote);
    return wrote;
  }

  #later(milliseconds: number): Date {
    return new Date(this.context.clock.now().getTime() + milliseconds);
  }
}

interface Stepped {
  readonly wrote: readonly string[];
  readonly rests: boolean;
  readonly until?: Date | undefined;
}

function isAuthority({ root }: Running, { kind, metadata }: KubeObject): boolean {
  if (kind !== 'Secret' && kind !== 'Certificate') return false;
  const place = `${metadata.namespace ?? ''}/${metadata.name}`;
  return place === root || place === `${root}-next` || place === `${root}-previous`;
}

/** What is asked of people outside can be given only when there is a next CA: a gate waits for it, not the beginning. */
const waitedFor = 'external-not-attested';

/** What keeps it from beginning; an emergency begins regardless, but for another rotation of its CA. */
function refusalsOf({ spec, status }: Rotation, snapshot: RotationSnapshot): Findings | undefined {
  if (status?.stage !== undefined || spec.paused === true) return undefined;
  const { refusals } = planRotation(snapshot);
  const counts = ({ check }: Refusal): boolean =>
    spec.emergency === true ? check === 'rotation-under-way' : check !== waitedFor;
  const counting = refusals.filter(counts);
  const [first] = counting;
  if (first === undefined) return undefined;
  const more = counting.length > 1 ? ` (and ${counting.length - 1} more)` : '';
  const standstill = { reason: 'Refused', message: `${first.message} ${first.hint}${more}` };
  return { blocking: refusalObstacles(counting), standstill };
}

function waiting({ reason, gates, blocking, blockingTotal }: Wait): Findings {
  return reason === 'gates' ? { gates, blocking, blockingTotal } : { blocking: [] };
}

/** In words, what people must mend; undefined for what trying again may mend. */
function refusedBy(error: unknown): string | undefined {
  if (error instanceof ActRefused) return `${error.message}. ${error.hint}`;
  return isCoded(error, 'already-exists', 'invalid', 'forbidden') ? error.message : undefined;
}

const pendingWork = (name: string) => ({
  material: name,
  wanted: 'done',
  has: 'under way',
  message: pendingText[name] ?? 'It is under way.',
  hint: 'Look at the objects that it is about if it takes long.',
});

const pendingText: Readonly<Record<string, string>> = {
  makeNextCA: 'The next CA is being issued.',
  reissue: 'Certificates are being issued.',
  addAnchor: 'The next CA is being added to what is trusted.',
  withdrawAnchor: 'A CA is being withdrawn from what is trusted.',
};

const endReasons = { succeeded: 'Succeeded', rolledBack: 'RolledBack', failed: 'Failed' } as const;
const readyReason = ({ result }: RotationStatus): string => endReasons[result ?? 'succeeded'];
