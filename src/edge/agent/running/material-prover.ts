import type { Clock } from '#control/runtime';
import type { MaterialReport } from '#model/resources';
import type { AgentLog, AgentPace } from '../agent-options.ts';
import { timeoutOf, type Driver } from '../drivers/driver.ts';
import type { ProbedListener } from '../probing/targets.ts';
import { failed, type Failure } from '../step.ts';
import { hasFile, type Held, type Scene } from './held.ts';
import { listenersOf, provePresented, proveTrusted, unseen, type MaterialProof } from './proofs.ts';
import type { Service } from './service.ts';

export interface MaterialProverOptions {
  readonly clock: Clock;
  readonly pace: AgentPace;
  readonly log: AgentLog;
  readonly held: Held;
  readonly service: Service;
  /** Writes down what is held, and reports it. */
  readonly save: () => Promise<void>;
  /** Whether what is being proven is out of date by now. */
  readonly isOutdated: () => boolean;
}

const notVisible = { message: 'not visible from outside; taken from the reload' };

/** Proves the materials of one instance by handshakes, and notes what each has reached. */
export class MaterialProver {
  readonly #options: MaterialProverOptions;
  readonly #reloadedWhole = new Set<string>();

  constructor(options: MaterialProverOptions) {
    this.#options = options;
  }

  async prove(scene: Scene): Promise<void> {
    const { held, isOutdated, save } = this.#options;
    const { levels } = held;
    for (const report of levels.reports) {
      if (isOutdated()) return;
      const isBrought = held.wishes === undefined || !hasFile(scene.workload, report.name);
      if (!isBrought && !levels.has(report.name, 'delivered')) continue;
      const shown = listenersOf(scene.listeners, report);
      const proof = await this.#secondTry(scene, report, shown, await this.#proofOf(report, shown));
      this.#take(scene, report, proof);
      // Others wait for the news; whether it is alone takes longer to see.
      await save();
      if (levels.has(report.name, 'proven')) await this.#proveAlone(report, shown, scene.driver);
    }
  }

  #proofOf(report: MaterialReport, shown: readonly ProbedListener[]): Promise<MaterialProof> {
    const { pace, clock, held } = this.#options;
    const timeoutMilliseconds = pace.probeTimeoutMilliseconds;
    if (report.kind === 'identity') return provePresented(shown, report.desired?.fingerprint, timeoutMilliseconds);
    if (shown.length === 0) return Promise.resolve(unseen);
    const { anchors } = held.state;
    const materials = held.wishes?.materials ?? [];
    return proveTrusted(report.name, shown, { anchors, materials, now: clock.now(), timeoutMilliseconds });
  }

  /** An engine that said that it has something, and has not, is reloaded once in the way that cannot fail silently. */
  async #secondTry(
    { driver: { reloadWhole }, workload }: Scene,
    report: MaterialReport,
    shown: readonly ProbedListener[],
    proof: MaterialProof,
  ): Promise<MaterialProof> {
    const key = `${report.name} ${report.desired?.digest}`;
    const isSilent = proof.failure !== undefined && this.#options.held.levels.has(report.name, 'loaded');
    if (!isSilent || reloadWhole === undefined || this.#reloadedWhole.has(key)) return proof;
    this.#reloadedWhole.add(key);
    const said = { workload: workload.metadata.name, ...proof.failure };
    this.#options.log.warn(said, 'the engine took it and does not use it; reloading');
    const { step } = await reloadWhole();
    return step.ok ? this.#proofOf(report, shown) : { isSeen: false, failure: step };
  }

  #take({ workload }: Scene, { name }: MaterialReport, { failure, isSeen }: MaterialProof): void {
    const { levels } = this.#options.held;
    const now = this.#options.clock.now();
    if (failure !== undefined) {
      levels.lose(name, 'proven', 'exclusive');
      if (failure.code !== 'no-handshake') levels.lose(name, 'loaded');
      // Why a server that waits for its restart shows the former certificate is known.
      if (levels.of(name)?.code !== 'not-restarted' || failure.code !== 'other-certificate')
        levels.remark(name, failure);
      return;
    }
    if (isSeen || this.#isNoticed(workload)) levels.reach(name, 'loaded', now);
    if (!levels.has(name, 'loaded')) return;
    levels.reach(name, 'proven', now);
    const { code } = levels.of(name) ?? {};
    if (code !== 'no-file' && code !== 'not-resolved') levels.remark(name, isSeen ? undefined : notVisible);
  }

  /** Who reloads by itself, or is told by a signal, says nothing: it is taken at its word after the time it has for it. */
  #isNoticed({ spec: { reload } }: Scene['workload']): boolean {
    const { told } = this.#options.held;
    const type = reload?.type ?? 'hot';
    if ((type !== 'hot' && type !== 'signal') || told === undefined) return false;
    return this.#options.clock.now().getTime() - told.at.getTime() >= timeoutOf(reload);
  }

  async #proveAlone(report: MaterialReport, shown: readonly ProbedListener[], driver: Driver): Promise<void> {
    const { held, clock } = this.#options;
    const { name } = report;
    if (held.levels.has(name, 'exclusive')) return;
    let obstacle = await this.#obstacle(name, shown, driver);
    if (obstacle?.code === 'session-resumed' && (await this.#endSessions(report, driver))) {
      obstacle = await this.#obstacle(name, shown, driver);
    }
    if (obstacle === undefined) held.levels.reach(name, 'exclusive', clock.now());
    else held.levels.remark(name, obstacle);
  }

  /** What an engine took without a reload, it took beside the sessions that it had: they end with its processes. */
  async #endSessions({ name, desired }: MaterialReport, { reloadWhole }: Driver): Promise<boolean> {
    const key = `sessions ${name} ${desired?.digest}`;
    if (reloadWhole === undefined || this.#reloadedWhole.has(key)) return false;
    this.#reloadedWhole.add(key);
    return (await reloadWhole()).step.ok;
  }

  async #obstacle(name: string, shown: readonly ProbedListener[], driver: Driver): Promise<Failure | undefined> {
    const { pace, clock, held, service } = this.#options;
    const isAlone = await driver.isAlone();
    if (isAlone === false) {
      return failed('older-process', 'older processes still serve the connections that they have');
    }
    for (const listener of shown) {
      if (!(await service.remembers(listener))) continue;
      return failed('session-resumed', `${listener.listener.name} takes sessions from before the change`);
    }
    if (isAlone === true || (shown.length > 0 && shown.every((one) => service.hasSessions(one)))) return undefined;
    const since = new Date(held.levels.of(name)?.loaded?.at ?? 0).getTime();
    if (clock.now().getTime() - since >= pace.sessionSeconds * 1000) return undefined;
    return failed('not-visible', `sessions from before may live until ${pace.sessionSeconds} s after it was loaded`);
  }
}
