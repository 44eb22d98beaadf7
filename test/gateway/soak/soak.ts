import { setTimeout as delay } from 'node:timers/promises';
import { seeded } from '../../crash/seeded.ts';
import { makeCalls, type CallCounts } from './callers.ts';
import { makeChanges, type ChangeCounts } from './changes.ts';
import { Installation } from './installation.ts';
import { Ledger, type LedgerReport } from './ledger.ts';
import { NodeReports } from './node-reports.ts';
import { flatnessOf, sample, type Flatness, type Sample } from './program.ts';
import { gatewayName, namespace, Scene } from './scene.ts';
import { holdTunnels } from './tunnels.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly requestsPerSecond: number;
  readonly tunnels: number;
}

export interface SoakReport extends LedgerReport {
  readonly calls: CallCounts;
  readonly changes: Omit<ChangeCounts, 'settledMilliseconds'> & {
    readonly settledP50: number;
    readonly settledP99: number;
  };
  readonly restarts: number;
  /** Over the second half. */
  readonly gateway: Flatness;
  /** From when its caches are full after its restarts, until the last one. */
  readonly controlPlane: Flatness;
  readonly gatewayWarnings: Readonly<Record<string, number>>;
  readonly controlPlaneWarnings: Readonly<Record<string, number>>;
  /** What the programs wrote that they should not have. */
  readonly unexpected: readonly string[];
  readonly problems: readonly string[];
}

/** The control plane is restarted so often in the first third, and once near the end. */
const restartsAtFirst = 10;
const firstPart = 1 / 3;
/** A restart takes seconds, and what was changed just before is settled only after it. */
const shortestRunSeconds = 15;
const lastRestart = 0.95;

/** Serves mixed callers while everything about trust changes, and tells what came of it. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  await using installation = new Installation();
  using scene = new Scene(installation);
  await installation.startControlPlane();
  await scene.declare();
  await installation.startGateway(gatewayName);
  const reports = new NodeReports(() => installation.client, namespace);
  try {
    return await new Run(options, installation, scene, reports).report();
  } finally {
    reports.stop();
  }
}

class Run {
  readonly #options: SoakOptions;
  readonly #installation: Installation;
  readonly #scene: Scene;
  readonly #reports: NodeReports;
  readonly #ledger = new Ledger();
  readonly #random = seeded(Date.now());
  readonly #gateway: Sample[] = [];
  readonly #controlPlane: Sample[] = [];
  readonly #started = performance.now();
  readonly #calls: CallCounts = { connections: 0, requests: {}, tunnels: 0, tunnelsEnded: 0, pings: 0, turnedAway: 0 };
  readonly #changes: ChangeCounts = {
    added: 0,
    replaced: 0,
    removed: 0,
    keystores: 0,
    identities: 0,
    settled: 0,
    settledMilliseconds: [],
  };

  constructor(options: SoakOptions, installation: Installation, scene: Scene, reports: NodeReports) {
    this.#options = options;
    this.#installation = installation;
    this.#scene = scene;
    this.#reports = reports;
  }

  async report(): Promise<SoakReport> {
    await this.#firstProof();
    await this.#run();
    return this.#told();
  }

  /** Before the first change, too, it must be known what is in force. */
  async #firstProof(): Promise<void> {
    const { places, fronts } = this.#scene;
    const isProven = await this.#reports.until(({ listeners = [], endpoints = [] }) => {
      const settled = endpoints.filter(({ state }) => state === 'proven' || state === 'failed').length;
      return settled === places.length && listeners.filter(({ state }) => state === 'proven').length === fronts.length;
    }, 30_000);
    if (!isProven) throw new Error(`the gateway does not begin: ${JSON.stringify(this.#reports.newest)}`);
  }

  async #run(): Promise<void> {
    const changing = new AbortController();
    const calling = new AbortController();
    const tools = { scene: this.#scene, ledger: this.#ledger, random: this.#random };
    const callTools = { ...tools, port: this.#installation.gatewayPort, counts: this.#calls };
    const calls = Promise.all([
      makeCalls(callTools, this.#options.requestsPerSecond, calling.signal),
      holdTunnels(callTools, this.#options.tunnels, calling.signal),
    ]);
    const changes = makeChanges({ ...tools, reports: this.#reports, counts: this.#changes }, changing.signal);
    await Promise.race([this.#passTime(), calls, changes]);
    changing.abort();
    await changes;
    calling.abort();
    await calls;
  }

  /** Takes samples, and restarts the control plane when it is time. */
  async #passTime(): Promise<void> {
    const seconds = this.#options.minutes * 60;
    const count = Math.min(restartsAtFirst, Math.ceil((seconds * firstPart) / shortestRunSeconds));
    const first = Array.from({ length: count }, (_, index) => ((index + 0.5) * firstPart) / count);
    const restarts = [...first, lastRestart].map((share) => share * seconds);
    let restarting: Promise<void> = Promise.resolve();
    for (let now = this.#seconds(); now < seconds; now = this.#seconds()) {
      if (restarts.length > 0 && restarts[0]! <= now) {
        restarts.shift();
        restarting = restarting.then(() => this.#restart());
      }
      this.#sample(now);
      await delay(1000);
    }
    await restarting;
  }

  async #restart(): Promise<void> {
    const signal = this.#random.chance(0.5) ? 'SIGKILL' : 'SIGTERM';
    await this.#installation.restartControlPlane(signal).catch((error: unknown) => {
      this.#ledger.problem(`the control plane did not come back after ${signal}: ${String(error)}`);
    });
  }

  #sample(seconds: number): void {
    const { gatewayPid, controlPlanePid, isGatewayRunning } = this.#installation;
    if (!isGatewayRunning) this.#ledger.problem('the gateway has ended');
    const gateway = sample(gatewayPid, seconds);
    const controlPlane = sample(controlPlanePid, seconds);
    if (gateway !== undefined) this.#gateway.push(gateway);
    if (controlPlane !== undefined) this.#controlPlane.push(controlPlane);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #told(): SoakReport {
    const { controlPlaneLog, gatewayLog, restarts } = this.#installation;
    const { settledMilliseconds, ...counts } = this.#changes;
    return {
      ...this.#ledger.report(),
      calls: this.#calls,
      changes: {
        ...counts,
        settledP50: percentile(settledMilliseconds, 0.5),
        settledP99: percentile(settledMilliseconds, 0.99),
      },
      restarts,
      gateway: flatnessOf(this.#between(this.#gateway, 0.5, 1)),
      controlPlane: flatnessOf(this.#between(this.#controlPlane, 0.6, lastRestart - 0.01)),
      gatewayWarnings: gatewayLog.warnings,
      controlPlaneWarnings: controlPlaneLog.warnings,
      unexpected: [...gatewayLog.unexpected, ...controlPlaneLog.unexpected],
      problems: this.#ledger.problems,
    };
  }

  #between(samples: readonly Sample[], from: number, to: number): Sample[] {
    const whole = this.#options.minutes * 60;
    return samples.filter(({ seconds }) => seconds >= from * whole && seconds <= to * whole);
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
}
