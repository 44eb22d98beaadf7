import type { Clock, Timer } from '#control/runtime';
import type { Connection } from '#edge/following';
import type { GatewayLookup, ListenerPlan } from '#model/gateways';
import type { WantedMaterial, Workload } from '#model/resources';
import { createStoreMemo, targetOf } from '#model/stores';
import { desiredMaterials, gatewayReport, restsOnStore, type DesiredMaterial } from '#model/workloads';
import type { Gateway } from '../../gateway.ts';
import type { PlanKeeper } from '../compiling/plan-keeper.ts';
import type { NodeLog, Place } from '../node-options.ts';
import type { Prover } from '../proving/prover.ts';
import type { Reading } from '../watching/terms.ts';
import type { ClientTrustClaims } from './client-trust-claims.ts';
import { isCurrent } from './current-sight.ts';
import { usesOf, type LoadedPlans, type WantedStore } from './material-uses.ts';
import { OwnInstance } from './own-instance.ts';
import { WorkloadWatch } from './workload-watch.ts';

export interface InstancesOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: NodeLog;
  readonly gateway: Place;
  readonly node: string;
  readonly startedAt: Date;
  readonly engine: Pick<Gateway, 'hasFormer' | 'forgetSessions'>;
  readonly keeper: PlanKeeper;
  readonly prover: Pick<Prover, 'proofOf'>;
  readonly clientTrust: ClientTrustClaims;
  /** Resource version of an object as the node sees it, by its term. */
  readonly revisionOf: (term: string) => string | undefined;
  /** Everything that is declared was compiled once. */
  readonly isSynced: () => boolean;
  readonly isKept: LoadedPlans['isKept'];
  readonly persists: () => boolean;
}

const gatherMilliseconds = 10;
/** Looking takes a part of the time only. */
const pausePerLook = 4;
const firstRetryMilliseconds = 100;
const longestRetryMilliseconds = 5_000;
const remembered = 100;

/**
 * The node as an instance of every Workload that is its Gateway: it joins by itself, and reports of each material what it
 * has loaded, kept and proven, with the generation that it has seen.
 */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #watch: WorkloadWatch;
  readonly #memo = createStoreMemo(remembered);
  readonly #own = new Map<string, OwnInstance>();
  readonly #checking = new Set<string>();
  #timer: Timer | undefined;
  #notBefore = 0;
  #dueAt = 0;
  #retryMilliseconds = firstRetryMilliseconds;
  #isStopped = false;

  constructor(options: InstancesOptions) {
    const { connection, clock, random, gateway, node } = options;
    this.#options = options;
    this.#watch = new WorkloadWatch({
      connection,
      clock,
      random,
      gateway,
      node,
      onChange: () => this.changed(),
    });
  }

  start(): void {
    this.#watch.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#watch.stop();
    await Promise.all([...this.#own.values()].map((one) => one.stop()));
  }

  /** Something that reports rest on is different now. */
  changed(): void {
    this.#retryMilliseconds = firstRetryMilliseconds;
    this.#lookWithin(gatherMilliseconds);
  }

  #lookWithin(milliseconds: number): void {
    const now = this.#options.clock.now().getTime();
    const due = Math.max(now + milliseconds, this.#notBefore);
    if (this.#isStopped || (this.#timer !== undefined && this.#dueAt <= due)) return;
    this.#timer?.cancel();
    this.#dueAt = due;
    this.#timer = this.#options.clock.after(due - now, () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  /** What is being compiled will be told of when it is loaded. */
  #look(): void {
    const { clock, isSynced, keeper } = this.#options;
    if (this.#watch.workloads.size + this.#own.size === 0) return;
    if (this.#isStopped || !isSynced() || !keeper.isSettled) return;
    const started = performance.now();
    this.#reconcile();
    const looked = [...this.#own].map(([key, own]) => this.#lookAt(key, own));
    this.#options.clientTrust.take(
      [...new Set(looked.flatMap(({ mutual }) => mutual))],
      looked.flatMap(({ materials }) => materials),
    );
    const isDone = [...this.#own].map(([, own]) => this.#tell(own, looked)).every(Boolean);
    this.#notBefore = clock.now().getTime() + (performance.now() - started) * pausePerLook;
    if (isDone) return;
    this.#lookWithin(this.#retryMilliseconds);
    this.#retryMilliseconds = Math.min(longestRetryMilliseconds, this.#retryMilliseconds * 2);
  }

  #reconcile(): void {
    const { workloads } = this.#watch;
    for (const [key, workload] of workloads) {
      const own = this.#own.get(key);
      if (own === undefined) this.#own.set(key, new OwnInstance({ ...this.#options, workload }));
      else own.follow(workload);
    }
    for (const [key, own] of this.#own) {
      if (workloads.has(key)) continue;
      this.#own.delete(key);
      this.#options.keeper.lookAway(`Workload ${key}`);
      void own.leave();
    }
  }

  #lookAt(key: string, own: OwnInstance): Looked {
    const { keeper, clock, engine } = this.#options;
    const { workload } = own;
    if (own.takeOrder()) engine.forgetSessions();
    const { value, reading } = keeper.look(`Workload ${key}`, (lookup) => ({
      materials: desiredMaterials(lookup, workload, clock.now(), this.#memo),
      stores: storesOf(lookup, workload),
    }));
    if (!reading.isWaiting) void this.#check(key, own, value.materials, reading);
    const trusts = value.stores.filter(({ kind }) => kind === 'trust');
    const loaded = trusts.length === 0 ? [] : keeper.loaded().listeners;
    const mutual = loaded.filter(({ truststore }) => trusts.some(({ isIn }) => isIn(truststore)));
    return { own, ...value, mutual };
  }

  /** Makes sure that no source of what is wanted is newer than what this node sees of it. */
  async #check(
    key: string,
    own: OwnInstance,
    materials: readonly DesiredMaterial[],
    { terms }: Reading,
  ): Promise<void> {
    const unseen = own.unseen(materials);
    if (unseen.length === 0 || this.#checking.has(key)) return;
    this.#checking.add(key);
    const { connection, revisionOf } = this.#options;
    const seen = new Map(Array.from(terms, (term) => [term, revisionOf(term)]));
    const isFresh = await isCurrent(connection, terms, (term) => seen.get(term)).catch(() => false);
    this.#checking.delete(key);
    if (isFresh) {
      own.see(unseen);
      this.changed();
    } else this.#lookWithin(this.#retryMilliseconds);
  }

  /** Answers whether nothing is left to be waited for but what is told of anyway. */
  #tell(own: OwnInstance, looked: readonly Looked[]): boolean {
    const { clock, persists, keeper, prover, isKept, engine } = this.#options;
    const { stores, materials } = looked.find((one) => one.own === own)!;
    const plans: LoadedPlans = {
      listeners: keeper.listeners,
      routes: keeper.routes,
      proofOf: (key) => prover.proofOf(key),
      isKept,
      hasFormer: (part) => engine.hasFormer(part),
    };
    const reports = (own.workload.status?.materials ?? []).flatMap((wanted) => {
      const store = stores.find(({ name, kind }) => name === wanted.name && kind === wanted.kind);
      if (store === undefined) return [];
      const material = materials.find(({ name, kind }) => name === wanted.name && kind === wanted.kind);
      const uses = usesOf({ ...store, wanted, trusted: trustedIn(material) }, plans);
      const problem = material !== undefined && 'problem' in material ? material.problem.message : undefined;
      const state = { wanted, isSeen: own.hasSeen(wanted), problem, uses, canKeep: persists() };
      return [gatewayReport(state, own.reportOf(wanted.name), clock.now())];
    });
    own.tell(reports);
    return reports.every(({ exclusive, persisted }) => exclusive !== undefined && (persisted ?? !persists()));
  }
}

interface NamedStore extends Omit<WantedStore, 'wanted' | 'trusted'> {
  readonly name: string;
  readonly kind: WantedMaterial['kind'];
}

interface Looked {
  readonly own: OwnInstance;
  readonly materials: readonly DesiredMaterial[];
  readonly stores: readonly NamedStore[];
  /** The hosts that let callers in by one of the stores. */
  readonly mutual: readonly ListenerPlan[];
}

/** The stores that the Workload names, and which others are made from them. */
function storesOf(lookup: GatewayLookup, { metadata, spec }: Workload): NamedStore[] {
  const { namespace = '' } = metadata;
  const store = (name: string, kind: NamedStore['kind'], ref: NonNullable<typeof spec.gatewayRef>): NamedStore[] => {
    const type = kind === 'identity' ? 'Keystore' : 'Truststore';
    const target = targetOf(ref, namespace, type);
    if (!target.ok) return [];
    const place = `${target.value.namespace}/${target.value.name}`;
    const known = new Map<string | undefined, boolean>();
    const isIn = (from: string | undefined): boolean => {
      const answer = known.get(from) ?? restsOnStore(lookup, type, from, place);
      known.set(from, answer);
      return answer;
    };
    return [{ name, kind, place, isIn }];
  };
  return [
    ...(spec.presents ?? []).flatMap(({ name, keystoreRef: ref }) => (ref ? store(name, 'identity', ref) : [])),
    ...(spec.trusts ?? []).flatMap(({ name, truststoreRef: ref }) => (ref ? store(name, 'trust', ref) : [])),
  ];
}

function trustedIn(material: DesiredMaterial | undefined): ReadonlySet<string> | undefined {
  if (material === undefined || !('certificates' in material)) return undefined;
  return new Set(material.certificates.map(({ certificate }) => certificate.fingerprint));
}
