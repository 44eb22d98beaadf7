import type { Workload } from '#model/resources';
import type { Driver, Reloaded } from '../drivers/driver.ts';
import type { FileContent } from '../files/file-content.ts';
import { formerContents } from '../files/former.ts';
import type { FileChange, Journal } from '../files/journal.ts';
import { differingFiles, restoreFiles, writeFiles } from '../files/write-files.ts';
import { done, failed, type FailureCode, type Step } from '../step.ts';

export interface DeliveryOptions {
  readonly workload: Workload;
  readonly driver: Driver;
  readonly journal: Journal;
  /**
   * Looks at the server before a change; what it answers looks again after the reload: what broke the server is taken
   * back. `isBefore`: the server cannot have read anything of the change yet.
   */
  readonly observe: (isBefore: boolean) => Promise<(reloaded: Reloaded) => Promise<Step>>;
}

/**
 * Brings files to a server: onto the disk, through its own test, into its memory. What the server refuses is taken back,
 * and it goes on with what it had. A change is in the journal from before its first file until it is through.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  /** What lies on the disk and waits for a restart, with what the server was started with. */
  #waiting: FileChange | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Finishes what an earlier run began; undefined when there is nothing of that kind. */
  async resume(): Promise<Reloaded | undefined> {
    const change = await this.#options.journal.unfinished();
    return change === undefined ? undefined : this.#carryOut(change);
  }

  /**
   * Makes the server use `files`. Those of `unread` materials are taken for news even when they lie there: nobody knows
   * whether the server has read them.
   */
  async deliver(files: readonly FileContent[], unread: ReadonlySet<string>): Promise<Reloaded> {
    const after = await differingFiles(files);
    const news = files.filter((file) => after.includes(file) || unread.has(file.of));
    if (news.length === 0) return { step: done, evidence: 'none' };
    const change = this.#sinceStart({ before: await formerContents(after), after });
    await this.#options.journal.begin(change);
    return this.#carryOut(change, news, after.length > 0);
  }

  async #carryOut(
    change: FileChange,
    files: readonly FileContent[] = change.after,
    isUnwritten = false,
  ): Promise<Reloaded> {
    const { driver, workload, journal, observe } = this.#options;
    const serves = await observe(isUnwritten || driver.readsByItself !== true);
    let isReloaded = false;
    const written = await attempt(() => writeFiles(change.after));
    const checked = written.ok ? await driver.check() : written;
    let result: Reloaded = { step: checked, evidence: 'none' };
    if (checked.ok) {
      result = await driver.reload({ files, workload });
      isReloaded = true;
      if (result.step.ok) result = { ...result, step: await serves(result) };
    }
    if (!result.step.ok && result.step.code === 'not-restarted') {
      this.#waiting = change;
      return result;
    }
    if (!result.step.ok && isTakenBack(result.step.code, change)) await this.#takeBack(change, isReloaded);
    this.#waiting = undefined;
    await journal.end();
    return result;
  }

  /** Starts the server anew with what lies on the disk; with what it had when it does not serve then. */
  async restart(): Promise<Reloaded> {
    const { driver, journal, observe } = this.#options;
    if (driver.restart === undefined) return { step: done, evidence: 'none' };
    const serves = await observe(true);
    let result = await driver.restart();
    if (result.step.ok) result = { ...result, step: await serves(result) };
    const change = this.#waiting;
    if (!result.step.ok && change !== undefined && isTakenBack(result.step.code, change)) {
      if ((await attempt(() => restoreFiles(change.before))).ok) await driver.restart();
    }
    this.#waiting = undefined;
    await journal.end();
    return result;
  }

  /** Several changes may wait for one restart: what to go back to is what the server has read. */
  #sinceStart({ before, after }: FileChange): FileChange {
    const waiting = this.#waiting;
    if (waiting === undefined) return { before, after };
    const paths = new Set(waiting.before.map(({ path }) => path));
    const later = new Set(after.map(({ path }) => path));
    return {
      before: [...waiting.before, ...before.filter(({ path }) => !paths.has(path))],
      after: [...waiting.after.filter(({ path }) => !later.has(path)), ...after],
    };
  }

  async #takeBack({ before }: FileChange, isReloaded: boolean): Promise<void> {
    const { driver, workload } = this.#options;
    const restored = await attempt(() => restoreFiles(before));
    if (!isReloaded || !restored.ok) return;
    const files = before.flatMap(({ bytes, ...file }) => (bytes === undefined ? [] : [{ ...file, bytes }]));
    await driver.reload({ files, workload });
  }
}

/** Who is started, or restarted by people, later reads what lies there then; without its first files nobody can start. */
function isTakenBack(code: FailureCode, { before }: FileChange): boolean {
  return code !== 'not-restarted' && code !== 'no-process' && before.some(({ bytes }) => bytes !== undefined);
}

async function attempt(act: () => Promise<void>): Promise<Step> {
  try {
    await act();
    return done;
  } catch (error) {
    return failed('not-written', (error as Error).message);
  }
}
