import type { Clock, Timer } from '#control/runtime';
import type { ListenerPlan, RoutePlan } from '#model/gateways';
import type { NodeLog } from '../node-options.ts';
import { writeSnapshot, type Snapshot } from './snapshot-file.ts';

export interface SnapshotKeeperOptions {
  readonly path: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly log: NodeLog;
  readonly current: () => Snapshot;
  /** What is in the file is another now. */
  readonly onWritten: () => void;
}

const shortestPauseMilliseconds = 250;
/** Writing takes at most this share of the time, however large the snapshot is. */
const pausePerWriting = 20;

/** Writes the snapshot a little after each change, changes that come together once. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #isDirty = false;
  #pauseMilliseconds = shortestPauseMilliseconds;
  #kept: ReadonlySet<object> = new Set();

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** Whether that very plan is in the file. */
  isKept(plan: ListenerPlan | RoutePlan): boolean {
    return this.#kept.has(plan);
  }

  /** What is loaded has changed. */
  changed(): void {
    this.#isDirty = true;
    if (this.#writing !== undefined || this.#timer !== undefined) return;
    this.#timer = this.#options.clock.after(this.#pauseMilliseconds, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  /** Resolves when what is loaded now is in the file. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#writing;
    if (this.#isDirty) await this.#write();
  }

  async #write(): Promise<void> {
    const { clock, path, secret, current, onWritten, log } = this.#options;
    const started = clock.now().getTime();
    this.#isDirty = false;
    const snapshot = current();
    const written = writeSnapshot(path, secret, snapshot).then(() => {
      this.#kept = new Set([...snapshot.listeners, ...snapshot.routes]);
      onWritten();
    });
    this.#writing = written.catch((error: unknown) => {
      this.#isDirty = true;
      log.warn(
        { error: String(error), path },
        'could not write the snapshot; a restart without the control plane would find an older one',
      );
    });
    await this.#writing;
    this.#writing = undefined;
    this.#pauseMilliseconds = Math.max(shortestPauseMilliseconds, (clock.now().getTime() - started) * pausePerWriting);
    if (this.#isDirty) this.changed();
  }
}
