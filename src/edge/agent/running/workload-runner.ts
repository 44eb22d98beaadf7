import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Timer } from '#control/runtime';
import type { Connection } from '#edge/following';
import { formatTimestamp } from '#model/objects';
import type { InstanceReport, MaterialReport, Workload } from '#model/resources';
import { createStoreMemo } from '#model/stores';
import type { AgentLog, AgentPace, AgentPlace } from '../agent-options.ts';
import { timeoutOf, type Driver, type Reloaded } from '../drivers/driver.ts';
import { driverOf } from '../drivers/driver-of.ts';
import { Journal } from '../files/journal.ts';
import { probedListeners, type ProbedListener } from '../probing/targets.ts';
import { StatusWriter } from '../reporting/status-writer.ts';
import { emptyState, readState, writeState, type AgentState } from '../state/agent-state.ts';
import { nextMemory } from '../state/trust-memory.ts';
import type { ProcessRun } from '../reloading/process-facts.ts';
import { done, failed, type Failure, type FailureCode, type Step } from '../step.ts';
import { AgentSight } from '../watching/agent-sight.ts';
import { Delivery } from './delivery.ts';
import { Levels } from './levels.ts';
import {
  clientAnchors,
  clientsOf,
  listenersOf,
  provePresented,
  proveTrusted,
  unseen,
  type MaterialProof,
} from './proofs.ts';
import { Service } from './service.ts';
import { wishesOf, type Wishes } from './wishes.ts';

export interface RunnerOptions {
  readonly place: AgentPlace;
  readonly stateDirectory: string;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pace: AgentPace;
  readonly log: AgentLog;
}

const longestFactor = 20;

/** Files that the server would not take, and when they are tried again. */
interface Refusal {
  readonly digest: string;
  readonly code: FailureCode;
  readonly times: number;
  readonly until: number;
}

/**
 * Looks after one instance of one Workload, one thing at a time: what the API wants, onto the disk and into the server,
 * proven from outside, reported. What is known lies in a state file, so that a restart without the API goes on proving.
 */
export class WorkloadRunner {
  readonly #options: RunnerOptions;
  readonly #sight: AgentSight;
  readonly #writer: StatusWriter;
  readonly #service: Service;
  readonly #memo = createStoreMemo(100);
  readonly #statePath: string;
  #state: AgentState = emptyState;
  #levels = new Levels();
  #wishes: Wishes | undefined;
  #server: { readonly key: string; readonly driver: Driver; readonly delivery: Delivery } | undefined;
  #round: Promise<void> | undefined;
  #isWoken = false;
  #isStopped = false;
  #timer: Timer | undefined;
  #failures = 0;
  #written = '';
  /** The files that the server was told of last. */
  #told: { readonly digest: string; readonly at: Date } | undefined;
  #refused: Refusal | undefined;
  #run: ProcessRun | undefined;
  #isResumed = false;
  readonly #triedWhole = new Set<string>();

  constructor(options: RunnerOptions) {
    const { place, connection, clock, random, pace, log, stateDirectory } = options;
    this.#options = options;
    const name = `${place.namespace}.${place.name}.${place.instance}`;
    this.#statePath = join(stateDirectory, `${name}.json`);
    this.#service = new Service(pace.probeTimeoutMilliseconds);
    this.#sight = new AgentSight({
      connection,
      clock,
      random,
      onChange: () => this.#wake(),
      onConnected: (isConnected, failure) => {
        if (!isConnected) log.warn({ workload: name, error: String(failure) }, 'the API is gone; going on without it');
      },
    });
    this.#writer = new StatusWriter({
      connection,
      clock,
      random,
      log,
      namespace: place.namespace,
      workload: place.name,
      instance: place.instance,
      current: () => this.#report(),
    });
  }

  async start(): Promise<void> {
    this.#state = await readState(this.#statePath);
    this.#levels = new Levels(this.#state.reports);
    // What the server was told before is asked again, not believed.
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#sight.stop();
    await this.#round;
    await this.#writer.stop();
  }

  #wake(): void {
    this.#isWoken = true;
    if (this.#round !== undefined || this.#isStopped) return;
    this.#timer?.cancel();
    this.#round = this.#rounds().finally(() => {
      this.#round = undefined;
      if (this.#isWoken) this.#wake();
      else this.#sleep();
    });
  }

  async #rounds(): Promise<void> {
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      try {
        await this.#oneRound();
      } catch (error) {
        this.#failures += 1;
        this.#options.log.warn({ workload: this.#statePath, error: String(error) }, 'a round failed; trying again');
      }
    }
  }

  #sleep(): void {
    if (this.#isStopped) return;
    const { pace, clock, random } = this.#options;
    const isDone = this.#levels.reports.every(({ name }) => this.#levels.has(name, 'exclusive'));
    this.#failures = isDone ? 0 : this.#failures + 1;
    const retry = Math.min(
      pace.longestRetryMilliseconds,
      pace.retryMilliseconds * 2 ** Math.min(this.#failures - 1, 30),
    );
    this.#timer = clock.after((isDone ? pace.againMilliseconds : retry) * (1 - random() / 4), () => this.#wake());
  }

  async #oneRound(): Promise<void> {
    this.#look();
    const workload = this.#wishes?.workload ?? this.#state.workload;
    if (workload !== undefined) {
      const listeners = probedListeners(workload.spec, this.#options.place.instance);
      const driver = this.#serverOf(workload, listeners).driver;
      await this.#noticeRestart(driver);
      await this.#deliver(workload);
      await this.#prove(workload, listeners, driver);
    }
    await this.#save();
  }

  /** Takes up what the API wants, once all of it is known. */
  #look(): void {
    const { place, clock } = this.#options;
    const now = clock.now();
    const reading = this.#sight.read((lookup, workloadAt) => {
      const workload = workloadAt(place.namespace, place.name);
      return workload && wishesOf(lookup, workload, now, this.#memo);
    });
    if (!reading.isWhole || reading.value === undefined) return;
    if (reading.value.digest !== this.#wishes?.digest) this.#failures = 0;
    this.#wishes = reading.value;
    this.#want(reading.value, now);
  }

  #want({ workload, materials }: Wishes, now: Date): void {
    const anchors = { ...this.#state.anchors };
    for (const material of materials) {
      if (material.mark === undefined || 'problem' in material) continue;
      const isNew = this.#levels.of(material.name)?.desired?.digest !== material.mark.digest;
      this.#levels.want(material.name, material.kind, material.mark, now);
      if (material.kind === 'trust' && (isNew || anchors[material.name] === undefined)) {
        const certificates = material.certificates.map(({ certificate }) => certificate);
        anchors[material.name] = nextMemory(anchors[material.name], certificates);
      }
    }
    this.#levels.keepOnly(new Set(materials.map(({ name }) => name)));
    this.#state = { ...this.#state, workload: bare(workload), anchors };
  }

  #serverOf(workload: Workload, listeners: readonly ProbedListener[]) {
    const { driver, reload, files, listens } = workload.spec;
    const key = JSON.stringify([driver, reload, files, listens]);
    if (this.#server?.key === key) return this.#server;
    const made = driverOf(workload, () => this.#options.clock.now());
    const journal = new Journal(this.#statePath.replace(/json$/, 'change'));
    const observe = (): Promise<(reloaded: Reloaded) => Promise<Step>> => this.#observe(workload, listeners);
    this.#server = { key, driver: made, delivery: new Delivery({ workload, driver: made, journal, observe }) };
    return this.#server;
  }

  async #observe(workload: Workload, listeners: readonly ProbedListener[]) {
    const [identity] = clientsOf(this.#wishes?.materials ?? [], clientAnchors(workload, this.#state.anchors));
    const serving = await this.#service.observe(listeners, identity);
    return async ({ evidence }: Reloaded): Promise<Step> => {
      const step = await this.#service.stillServe(serving.keys());
      if (!step.ok || evidence !== 'none') return step;
      return this.#showsNews(workload, serving);
    };
  }

  /** Nobody says whether the server took the files; what it shows does, and what it does not show is taken back. */
  async #showsNews(workload: Workload, serving: ReadonlyMap<ProbedListener, string>): Promise<Step> {
    for (const [listener, before] of serving) {
      const wanted = this.#levels.of(listener.listener.presents)?.desired?.fingerprint;
      if (wanted === undefined || wanted === before || !hasFile(workload, listener.listener.presents)) continue;
      const step = await this.#service.willShow(listener, wanted, timeoutOf(workload.spec.reload));
      if (!step.ok) return step;
    }
    return done;
  }

  /** A server that started anew has what lies on the disk, and nothing of what was seen before counts. */
  async #noticeRestart(driver: Driver): Promise<void> {
    const run = await driver.run();
    if (run === undefined || run.key === this.#run?.key) return;
    const wasSeenDown = this.#run !== undefined || this.#refused?.code === 'no-process';
    this.#run = run;
    if (!wasSeenDown) return;
    if (this.#refused?.code === 'no-process') this.#refused = undefined;
    for (const { name } of this.#levels.reports) {
      this.#levels.lose(name, 'loaded', 'proven', 'exclusive');
      if (this.#levels.has(name, 'persisted')) this.#levels.reach(name, 'loaded', this.#options.clock.now());
    }
  }

  async #deliver(workload: Workload): Promise<void> {
    const server = this.#server!;
    if (!this.#isResumed) {
      this.#isResumed = true;
      const resumed = await server.delivery.resume();
      if (resumed !== undefined) this.#options.log.info({ workload: this.#statePath }, 'finished a change of files');
    }
    const wishes = this.#wishes;
    if (wishes === undefined) return;
    const { clock, log } = this.#options;
    this.#remarkUnwritten(wishes);
    if (this.#refused?.digest === wishes.digest && clock.now().getTime() < this.#refused.until) return;
    const names = [...new Set(wishes.files.map(({ of }) => of))];
    const isKnown = this.#told?.digest === wishes.digest || names.every((name) => this.#levels.has(name, 'loaded'));
    const result = await server.delivery.deliver(wishes.files, !isKnown);
    this.#take(wishes, names, result);
    if (!result.step.ok)
      log.warn(
        { workload: `${workload.metadata.namespace}/${workload.metadata.name}`, ...result.step },
        'not delivered',
      );
  }

  #remarkUnwritten({ materials, files, flaws }: Wishes): void {
    for (const material of materials) {
      const { name } = material;
      const flaw = 'problem' in material ? failed('not-resolved', material.problem.message) : flaws.get(name);
      if (flaw !== undefined) this.#levels.remark(name, flaw);
      else if (!files.some(({ of }) => of === name)) {
        const message =
          'no entry of spec.files holds it: nobody brings it to the server, or knows that a restart finds it';
        this.#levels.remark(name, failed('no-file', message));
      }
    }
  }

  #take({ digest }: Wishes, names: readonly string[], { step, evidence }: Reloaded): void {
    const { clock, pace } = this.#options;
    const now = clock.now();
    const isOnDisk = step.ok || step.code === 'not-restarted' || step.code === 'no-process';
    const wasTold = this.#told?.digest === digest;
    for (const name of names) {
      if (isOnDisk) for (const level of ['delivered', 'persisted'] as const) this.#levels.reach(name, level, now);
      if (step.ok && evidence !== 'none' && !wasTold) this.#levels.reach(name, 'loaded', now);
      if (!this.#levels.has(name, 'loaded')) this.#levels.remark(name, step.ok ? undefined : step);
    }
    if (step.ok) {
      this.#refused = undefined;
      if (!wasTold) this.#told = { digest, at: now };
      return;
    }
    const times = this.#refused?.digest === digest ? this.#refused.times + 1 : 0;
    const again = step.code === 'no-process' ? pace.longestRetryMilliseconds : pace.deliverAgainMilliseconds;
    const pause = again * Math.min(2 ** times, step.code === 'no-process' ? 1 : longestFactor);
    this.#refused = { digest, code: step.code, times, until: now.getTime() + pause };
  }

  async #prove(workload: Workload, listeners: readonly ProbedListener[], driver: Driver): Promise<void> {
    for (const report of this.#levels.reports) {
      const isUndelivered = hasFile(workload, report.name) && !this.#levels.has(report.name, 'delivered');
      if (isUndelivered || this.#isWoken || this.#isStopped) continue;
      const shown = listenersOf(listeners, report);
      const proof = await this.#proofOf(report, shown);
      const next = await this.#secondTry(report, shown, proof, driver);
      this.#takeProof(workload, report, next);
      if (this.#levels.has(report.name, 'proven')) await this.#proveAlone(report, shown, driver);
    }
  }

  #proofOf(report: MaterialReport, shown: readonly ProbedListener[]): Promise<MaterialProof> {
    const { pace, clock } = this.#options;
    const timeoutMilliseconds = pace.probeTimeoutMilliseconds;
    if (report.kind === 'identity') return provePresented(shown, report.desired?.fingerprint, timeoutMilliseconds);
    if (shown.length === 0) return Promise.resolve(unseen);
    const { anchors } = this.#state;
    const materials = this.#wishes?.materials ?? [];
    return proveTrusted(report.name, shown, { anchors, materials, now: clock.now(), timeoutMilliseconds });
  }

  /** An engine that said that it has something, and has not, is reloaded in the way that cannot fail silently. */
  async #secondTry(
    report: MaterialReport,
    shown: readonly ProbedListener[],
    proof: MaterialProof,
    driver: Driver,
  ): Promise<MaterialProof> {
    const { reloadWhole } = driver;
    const isSilent = proof.failure !== undefined && this.#levels.has(report.name, 'loaded');
    const key = `${report.name} ${report.desired?.digest}`;
    if (!isSilent || reloadWhole === undefined || this.#triedWhole.has(key)) return proof;
    this.#triedWhole.add(key);
    this.#options.log.warn(
      { workload: this.#statePath, ...proof.failure },
      'the engine took it and does not use it; reloading',
    );
    const { step } = await reloadWhole();
    return step.ok ? this.#proofOf(report, shown) : { isSeen: false, failure: step };
  }

  #takeProof(workload: Workload, { name }: MaterialReport, { failure, isSeen }: MaterialProof): void {
    const now = this.#options.clock.now();
    if (failure !== undefined) {
      this.#levels.lose(name, 'proven', 'exclusive', ...(failure.code === 'no-handshake' ? [] : (['loaded'] as const)));
      this.#levels.remark(name, failure);
      return;
    }
    if (isSeen) this.#levels.reach(name, 'loaded', now);
    else if (this.#isNoticed(workload)) this.#levels.reach(name, 'loaded', now);
    if (!this.#levels.has(name, 'loaded')) return;
    this.#levels.reach(name, 'proven', now);
    const { code } = this.#levels.of(name) ?? {};
    if (code === 'no-file' || code === 'not-resolved') return;
    this.#levels.remark(name, isSeen ? undefined : { message: notVisible });
  }

  /** Who reloads by itself, or is told by a signal, says nothing: it is taken at its word after the time it has for it. */
  #isNoticed({ spec: { reload } }: Workload): boolean {
    const type = reload?.type ?? 'hot';
    if ((type !== 'hot' && type !== 'signal') || this.#told === undefined) return false;
    return this.#options.clock.now().getTime() - this.#told.at.getTime() >= timeoutOf(reload);
  }

  async #proveAlone({ name }: MaterialReport, shown: readonly ProbedListener[], driver: Driver): Promise<void> {
    if (this.#levels.has(name, 'exclusive')) return;
    const obstacle = await this.#obstacle(name, shown, driver);
    if (obstacle === undefined) this.#levels.reach(name, 'exclusive', this.#options.clock.now());
    else this.#levels.remark(name, obstacle);
  }

  async #obstacle(name: string, shown: readonly ProbedListener[], driver: Driver): Promise<Failure | undefined> {
    const isAlone = await driver.isAlone();
    if (isAlone === false) return failed('older-process', 'older processes still serve the connections that they have');
    for (const listener of shown) {
      if (!(await this.#service.remembers(listener))) continue;
      return failed('session-resumed', `${listener.listener.name} takes sessions from before the change`);
    }
    const { pace, clock } = this.#options;
    if (isAlone === true || (shown.length > 0 && shown.every((one) => this.#service.hasSessions(one))))
      return undefined;
    const since = new Date(this.#levels.of(name)?.loaded?.at ?? 0).getTime();
    if (clock.now().getTime() - since >= pace.sessionSeconds * 1000) return undefined;
    return failed('not-visible', `sessions from before may live until ${pace.sessionSeconds} s after it was loaded`);
  }

  #report(): InstanceReport {
    const { place, clock } = this.#options;
    const site = (this.#wishes?.workload ?? this.#state.workload)?.spec.site;
    return {
      name: place.instance,
      ...(site === undefined ? {} : { site }),
      ...(this.#run === undefined ? {} : { startedTime: formatTimestamp(this.#run.startedAt) }),
      lastSeenTime: formatTimestamp(clock.now()),
      materials: this.#levels.reports,
    };
  }

  async #save(): Promise<void> {
    this.#state = { ...this.#state, reports: this.#levels.reports };
    const digest = hash('sha256', JSON.stringify([this.#state.reports, this.#run]));
    if (digest !== this.#written) this.#writer.changed();
    if (digest !== this.#written && this.#state.workload !== undefined) await writeState(this.#statePath, this.#state);
    this.#written = digest;
  }
}

const notVisible = 'not visible from outside; taken from the reload';

const hasFile = ({ spec: { files = [] } }: Workload, name: string): boolean => files.some(({ of }) => of === name);

/** Without its status: other instances' reports are none of ours. */
function bare({ apiVersion, kind, metadata, spec }: Workload): Workload {
  const { managedFields: _, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept, spec };
}
