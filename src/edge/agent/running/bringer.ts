import type { Clock } from '#control/runtime';
import { formatTimestamp } from '#model/objects';
import type { AgentLog, AgentPace, AgentPlace } from '../agent-options.ts';
import type { Driver, Reloaded } from '../drivers/driver.ts';
import { failed, type Failure, type FailureCode } from '../step.ts';
import type { Held, Scene } from './held.ts';
import { flushAsked, restartTurn } from './orders.ts';
import type { Wishes } from './wishes.ts';

export interface BringerOptions {
  readonly place: AgentPlace;
  readonly clock: Clock;
  readonly pace: AgentPace;
  readonly log: AgentLog;
  readonly held: Held;
  /** Writes down what is held. */
  readonly save: () => Promise<void>;
}

const longestFactor = 20;

/** Files that the server would not take, and when they are tried again. */
interface Refusal {
  readonly digest: string;
  readonly code: FailureCode;
  readonly times: number;
  readonly until: number;
}

/** Brings what is wanted to the server: files, reloads, restarts in turn, sessions forgotten; and notes what was reached. */
export class Bringer {
  readonly #options: BringerOptions;
  #refused: Refusal | undefined;
  #isResumed = false;

  constructor(options: BringerOptions) {
    this.#options = options;
  }

  async bring(scene: Scene): Promise<void> {
    await this.#noticeRestart(scene.driver);
    if (!this.#isResumed) await this.#resume(scene);
    const { wishes } = this.#options.held;
    if (wishes === undefined) return;
    this.#remarkUnwritten(wishes);
    if (this.#isDue(wishes)) await this.#deliver(scene, wishes);
    await this.#restartInTurn(scene, wishes);
    await this.#flush(scene, wishes);
  }

  /** A server that started anew has read what lies on the disk, and nothing of what was seen before counts. */
  async #noticeRestart(driver: Driver): Promise<void> {
    const { held, clock } = this.#options;
    const run = await driver.run();
    if (run === undefined || run.key === held.run?.key) return;
    const isAnother = held.run !== undefined || this.#refused?.code === 'no-process';
    held.run = run;
    if (this.#refused?.code === 'no-process') this.#refused = undefined;
    const read = held.levels.reports.filter(({ name, persisted }) => {
      if (!held.levels.has(name, 'persisted')) return false;
      return isAnother || new Date(persisted!.at).getTime() + 1000 <= run.startedAt.getTime();
    });
    if (isAnother) {
      for (const { name } of held.levels.reports) held.levels.lose(name, 'loaded', 'proven', 'exclusive');
    }
    held.levels.loseBefore(new Date(formatTimestamp(run.startedAt)));
    for (const { name } of read) held.levels.reach(name, 'loaded', clock.now());
  }

  /** What an earlier run began is finished first, with or without the API. */
  async #resume({ delivery, workload }: Scene): Promise<void> {
    this.#isResumed = true;
    const resumed = await delivery.resume();
    if (resumed !== undefined)
      this.#options.log.info({ workload: workload.metadata.name }, 'finished a change of files');
  }

  #isDue({ digest }: Wishes): boolean {
    return this.#refused?.digest !== digest || this.#options.clock.now().getTime() >= this.#refused.until;
  }

  async #deliver({ delivery, workload }: Scene, wishes: Wishes): Promise<void> {
    const { held, log } = this.#options;
    const names = [...new Set(wishes.files.map(({ of }) => of))];
    const isTold = held.told?.digest === wishes.digest;
    const unread = new Set(isTold ? [] : names.filter((name) => !held.levels.has(name, 'loaded')));
    const result = await delivery.deliver(wishes.files, unread);
    this.#take(wishes, names, result);
    if (result.step.ok || result.step.code === 'not-restarted') return;
    log.warn({ workload: workload.metadata.name, ...result.step }, 'not delivered');
  }

  #take({ digest }: Wishes, names: readonly string[], { step, evidence }: Reloaded): void {
    const { held, clock } = this.#options;
    const { levels } = held;
    const now = clock.now();
    const isOnDisk = step.ok || step.code === 'not-restarted' || step.code === 'no-process';
    const wasTold = held.told?.digest === digest;
    for (const name of names) {
      if (isOnDisk) for (const level of ['delivered', 'persisted'] as const) levels.reach(name, level, now);
      if (step.ok && evidence !== 'none' && !wasTold) levels.reach(name, 'loaded', now);
      if (!levels.has(name, 'loaded')) levels.remark(name, step.ok ? undefined : step);
    }
    if (!step.ok) return this.#refuse(digest, step);
    this.#refused = undefined;
    if (!wasTold) held.told = { digest, at: now };
  }

  #refuse(digest: string, { code }: Failure): void {
    const { pace, clock } = this.#options;
    const times = this.#refused?.digest === digest ? this.#refused.times + 1 : 0;
    const isLater = code === 'no-process' || code === 'not-restarted';
    const pause = isLater
      ? pace.longestRetryMilliseconds
      : pace.deliverAgainMilliseconds * Math.min(2 ** times, longestFactor);
    this.#refused = { digest, code, times, until: clock.now().getTime() + pause };
  }

  /** A server that reads its files when it starts is started anew, when it is this one's turn. */
  async #restartInTurn({ delivery, driver, workload }: Scene, { digest }: Wishes): Promise<void> {
    const { held, place, clock, log, save } = this.#options;
    const { levels } = held;
    const waiting = levels.reports.filter(({ name }) => levels.has(name, 'persisted') && !levels.has(name, 'loaded'));
    if (driver.restart === undefined || waiting.length === 0) return;
    const turn = restartTurn(
      workload,
      { instance: place.instance, materials: held.levels.reports },
      held.state.answered ?? {},
      clock.now(),
    );
    if (turn === undefined) return;
    // Written down first: after a crash in the middle nobody is restarted twice for one request.
    if (turn !== '') held.state = { ...held.state, answered: { ...held.state.answered, restart: turn } };
    await save();
    const { step } = await delivery.restart();
    for (const { name } of waiting) {
      levels.remark(name, step.ok ? undefined : step);
      if (step.ok) levels.reach(name, 'loaded', clock.now());
      else levels.lose(name, 'delivered', 'persisted');
    }
    if (step.ok) return;
    log.warn({ workload: workload.metadata.name, ...step }, 'the restart failed');
    this.#refuse(digest, step);
  }

  /** Forgets the sessions from before, for a Rotation that asks for it: what reads its files anew has none. */
  async #flush({ driver, workload }: Scene, { files }: Wishes): Promise<void> {
    const { held, place, clock } = this.#options;
    const { levels } = held;
    const key = flushAsked(workload, place.instance, held.state.answered ?? {});
    if (key === undefined) return;
    const { step } = (await driver.reloadWhole?.()) ?? (await driver.reload({ files, workload }));
    if (!step.ok && step.code !== 'not-restarted') {
      for (const { name } of levels.reports) levels.remark(name, step);
      return;
    }
    held.state = { ...held.state, answered: { ...held.state.answered, flush: key } };
    for (const { name } of levels.reports) {
      levels.lose(name, 'proven', 'exclusive');
      if (step.ok && levels.has(name, 'persisted')) levels.reach(name, 'loaded', clock.now());
    }
  }

  #remarkUnwritten({ materials, files, flaws }: Wishes): void {
    const { levels } = this.#options.held;
    for (const material of materials) {
      const { name } = material;
      const flaw = 'problem' in material ? failed('not-resolved', material.problem.message) : flaws.get(name);
      if (flaw !== undefined) levels.remark(name, flaw);
      else if (!files.some(({ of }) => of === name)) levels.remark(name, noFile);
    }
  }
}

const noFile = failed(
  'no-file',
  'no entry of spec.files holds it: nobody brings it to the server, or knows that a restart finds it',
);
