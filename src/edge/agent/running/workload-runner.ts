import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#control/runtime';
import type { Connection } from '#edge/following';
import { formatTimestamp } from '#model/objects';
import type { InstanceStatus, Workload } from '#model/resources';
import { createStoreMemo } from '#model/stores';
import type { AgentLog, AgentPace, AgentPlace } from '../agent-options.ts';
import { driverOf } from '../drivers/driver-of.ts';
import { Journal } from '../files/journal.ts';
import { probedListeners } from '../probing/targets.ts';
import { reportInstance, type StatusReporter } from '#edge/instances';
import { readState, writeState } from '../state/agent-state.ts';
import { nextMemory } from '../state/trust-memory.ts';
import { AgentSight } from '../watching/agent-sight.ts';
import { Bringer } from './bringer.ts';
import { Delivery } from './delivery.ts';
import type { Held, Scene } from './held.ts';
import { Levels } from './levels.ts';
import { MaterialProver } from './material-prover.ts';
import { observer } from './observer.ts';
import { Rounds } from './rounds.ts';
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

/**
 * Looks after one instance of one Workload, one thing at a time: what the API wants, onto the disk and into the server,
 * proven from outside, reported. What is known lies in a state file, so that a restart without the API goes on proving.
 */
export class WorkloadRunner {
  readonly #options: RunnerOptions;
  readonly #statePath: string;
  readonly #held: Held;
  readonly #service: Service;
  readonly #sight: AgentSight;
  readonly #reporter: StatusReporter<InstanceStatus>;
  readonly #rounds: Rounds;
  readonly #bringer: Bringer;
  readonly #prover: MaterialProver;
  readonly #memo = createStoreMemo(100);
  #server: (Pick<Scene, 'driver' | 'delivery'> & { readonly key: string }) | undefined;
  /** The API has said that there is no such Workload. */
  #isGone = false;
  #waits = 0;
  #written = '';

  /** The runner of one instance, with what an earlier run knew of it. */
  static async start(options: RunnerOptions): Promise<WorkloadRunner> {
    const { namespace, name, instance } = options.place;
    const statePath = join(options.stateDirectory, `${namespace}.${name}.${instance}.json`);
    const state = await readState(statePath);
    const levels = new Levels(state.reports);
    const held: Held = { levels, state, wishes: undefined, run: undefined, told: undefined };
    const runner = new WorkloadRunner(options, statePath, held);
    runner.#rounds.wake();
    return runner;
  }

  private constructor(options: RunnerOptions, statePath: string, held: Held) {
    this.#options = options;
    this.#statePath = statePath;
    this.#held = held;
    const { pace } = options;
    this.#service = new Service(pace.probeTimeoutMilliseconds);
    this.#sight = new AgentSight({
      ...options,
      onChange: () => this.#rounds.wake(),
      onConnected: (isConnected, failure) => this.#connected(isConnected, failure),
    });
    this.#rounds = new Rounds({ clock: options.clock, round: () => this.#round() });
    const save = (): Promise<void> => this.#save();
    this.#bringer = new Bringer({ ...options, held, save });
    const isOutdated = (): boolean => this.#rounds.isOutdated;
    this.#prover = new MaterialProver({ ...options, held, service: this.#service, save, isOutdated });
    this.#reporter = reportInstance({
      ...options,
      workload: () => (this.#isGone ? undefined : this.#workload),
      status: () => this.#status(),
    });
  }

  async stop(): Promise<void> {
    this.#sight.stop();
    await this.#rounds.stop();
    await this.#reporter.stop();
  }

  #connected(isConnected: boolean, failure: unknown): void {
    if (isConnected) return;
    const { log, place } = this.#options;
    log.warn({ workload: place.name, error: String(failure) }, 'the API is gone; going on without it');
  }

  async #round(): Promise<number> {
    try {
      this.#look();
      const scene = this.#scene();
      if (scene !== undefined) {
        await this.#bringer.bring(scene);
        await this.#prover.prove(scene);
      }
      await this.#save();
    } catch (error) {
      const { log, place } = this.#options;
      log.warn({ workload: place.name, error: String(error) }, 'a round failed; trying again');
    }
    return this.#pause();
  }

  /** What is proven is looked at again after a while, everything else soon, and later each time. */
  #pause(): number {
    const { pace, random } = this.#options;
    const { levels } = this.#held;
    const isDone = levels.reports.every(({ name }) => levels.has(name, 'exclusive'));
    this.#waits = isDone ? 0 : this.#waits + 1;
    const retry = pace.retryMilliseconds * 2 ** Math.min(this.#waits - 1, 30);
    return (isDone ? pace.againMilliseconds : Math.min(pace.longestRetryMilliseconds, retry)) * (1 - random() / 4);
  }

  /** Takes up what the API wants, once all of it is known. */
  #look(): void {
    const { place, clock } = this.#options;
    const now = clock.now();
    const reading = this.#sight.read((lookup, workloadAt) => {
      const workload = workloadAt(place.namespace, place.name);
      return workload && wishesOf(lookup, workload, now, this.#memo);
    });
    if (!reading.isWhole) return;
    const isGone = reading.value === undefined;
    if (this.#isGone && !isGone) this.#reporter.startOver();
    this.#isGone = isGone;
    if (reading.value === undefined) return;
    if (reading.value.digest !== this.#held.wishes?.digest) this.#waits = 0;
    this.#held.wishes = reading.value;
    this.#want(reading.value, now);
  }

  #want({ workload, materials }: Wishes, now: Date): void {
    const { levels, state } = this.#held;
    const anchors = { ...state.anchors };
    for (const material of materials) {
      if (material.mark === undefined || 'problem' in material) continue;
      const { name, kind, mark } = material;
      const isNew = levels.of(name)?.desired?.digest !== mark.digest || anchors[name] === undefined;
      levels.want(name, kind, mark, now);
      if (kind !== 'trust' || !isNew) continue;
      const certificates = material.certificates.map(({ certificate }) => certificate);
      anchors[name] = nextMemory(anchors[name], certificates);
    }
    levels.keepOnly(new Set(materials.map(({ name }) => name)));
    this.#held.state = { ...state, workload: bare(workload), anchors };
  }

  get #workload(): Workload | undefined {
    return this.#held.wishes?.workload ?? this.#held.state.workload;
  }

  #scene(): Scene | undefined {
    const workload = this.#workload;
    if (workload === undefined) return undefined;
    const listeners = probedListeners(workload.spec, this.#options.place.instance);
    const { driver, reload, files, listens, instances } = workload.spec;
    const key = JSON.stringify([driver, reload, files, listens, instances]);
    if (this.#server?.key !== key) this.#server = { key, ...this.#serverOf({ workload, listeners }) };
    return { workload, listeners, driver: this.#server.driver, delivery: this.#server.delivery };
  }

  #serverOf({ workload, listeners }: Pick<Scene, 'workload' | 'listeners'>): Pick<Scene, 'driver' | 'delivery'> {
    const driver = driverOf(workload, () => this.#options.clock.now());
    const journal = new Journal(this.#statePath.replace(/json$/, 'change'));
    const observe = observer({ workload, listeners, held: this.#held, service: this.#service });
    return { driver, delivery: new Delivery({ workload, driver, journal, observe }) };
  }

  #status(): InstanceStatus {
    const { place, clock } = this.#options;
    const { run, levels } = this.#held;
    const site = siteOf(this.#workload, place.instance);
    return {
      ...(site === undefined ? {} : { site }),
      ...(run === undefined ? {} : { startedTime: formatTimestamp(run.startedAt) }),
      lastSeenTime: formatTimestamp(clock.now()),
      materials: levels.reports,
    };
  }

  async #save(): Promise<void> {
    const { levels, run } = this.#held;
    this.#held.state = { ...this.#held.state, reports: levels.reports };
    const { state } = this.#held;
    const digest = hash('sha256', JSON.stringify([state.reports, state.answered, run]));
    if (digest === this.#written) return;
    this.#written = digest;
    if (state.workload !== undefined) await writeState(this.#statePath, state);
    this.#reporter.changed();
  }
}

function siteOf(workload: Workload | undefined, instance: string): string | undefined {
  const { instances = [], site } = workload?.spec ?? {};
  return instances.find(({ name }) => name === instance)?.site ?? site;
}

/** Without its status: other instances' reports are none of ours. */
function bare({ apiVersion, kind, metadata, spec }: Workload): Workload {
  const { managedFields: _, ...kept } = metadata;
  return { apiVersion, kind, metadata: kept, spec };
}
