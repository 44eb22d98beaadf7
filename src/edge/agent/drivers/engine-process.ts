import { childrenOf, commandOf, pidIn, runIn, type ProcessRun } from '../reloading/process-facts.ts';
import { waitFor } from '../reloading/wait-for.ts';
import { failed, done, type Step } from '../step.ts';

/**
 * An engine with a master process, whose workers each read the files once: at a reload new workers come and old ones go.
 */
export class EngineProcess {
  readonly #pidFile: string;
  readonly #old = new Set<number>();

  constructor(pidFile: string) {
    this.#pidFile = pidFile;
  }

  pid(): Promise<number | undefined> {
    return pidIn(this.#pidFile);
  }

  /** How the master was called. */
  async command(): Promise<{ readonly program: string; readonly args: readonly string[] } | undefined> {
    const pid = await this.pid();
    return pid === undefined ? undefined : commandOf(pid);
  }

  run(): Promise<ProcessRun | undefined> {
    return runIn(this.#pidFile);
  }

  /** Sends the master a signal and waits until it has workers that were not there before. */
  async renewWorkers(signal: NodeJS.Signals, timeoutMilliseconds: number): Promise<Step> {
    const pid = await this.pid();
    if (pid === undefined) return failed('no-process', `no process runs whose id is in ${this.#pidFile}; start it`);
    const before = await childrenOf(pid);
    for (const worker of before) this.#old.add(worker);
    try {
      process.kill(pid, signal);
    } catch (error) {
      return failed('reload-failed', `cannot send ${signal} to process ${pid}: ${(error as Error).message}`);
    }
    const seen = await waitFor(async () => {
      const now = await childrenOf(pid);
      if (now.some((worker) => !before.includes(worker))) return 'renewed';
      return isRunning(pid) ? undefined : 'gone';
    }, timeoutMilliseconds);
    if (seen === 'renewed') return done;
    if (seen === 'gone') return failed('no-process', `process ${pid} ended when it had ${signal}; start it`);
    return failed('reload-failed', `process ${pid} has no new workers ${timeoutMilliseconds / 1000} s after ${signal}`);
  }

  /** Whether every worker that ran before the last reload has ended. */
  async isAlone(): Promise<boolean | undefined> {
    const pid = await this.pid();
    if (pid === undefined) return undefined;
    const now = await childrenOf(pid);
    for (const worker of this.#old) if (!now.includes(worker)) this.#old.delete(worker);
    return this.#old.size === 0;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
