import type { Clock } from '#control/runtime';
import { isCoded } from '#errors';
import { BackOff, type Connection } from '#edge/following';
import { mediaTypes, objectPath } from '#edge/api';
import { workloadKind, type InstanceReport } from '#model/resources';

export interface InstanceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** One instance of one Workload. */
export interface InstancePlace {
  readonly namespace: string;
  readonly name: string;
  /** Entry of `spec.instances`, or a name by which it joins. */
  readonly instance: string;
}

export interface StatusWriterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: InstanceLog;
  readonly place: InstancePlace;
  /** Who looks after it, for the name under which its fields are managed; default an agent. */
  readonly by?: 'agent' | 'gateway';
  readonly current: () => InstanceReport;
}

/** Changes that come together are written once. */
const gatherMilliseconds = 20;
const signMilliseconds = 30_000;
const timeoutMilliseconds = 10_000;

/**
 * Keeps the entry of one instance in its Workload's status up to date: at once after a change, and now and then as a sign
 * of life. Each instance applies its own entry under its own name, so that none writes over another's.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #backOff: BackOff;
  #timer: { cancel(): void } | undefined;
  #writing: Promise<void> | undefined;
  #isDirty = false;
  #isStopped = false;
  #isFailing = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
    this.#backOff = new BackOff(250, 30_000, options.random);
  }

  /** The entry is different now. */
  changed(): void {
    this.#isDirty = true;
    if (this.#writing === undefined && !this.#isFailing) this.#after(gatherMilliseconds);
  }

  /** Resolves when the newest entry was written, or could not be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#writing;
    if (this.#isDirty) await this.#write();
  }

  /** The instance is none of the Workload any more: takes its entry away. */
  async leave(): Promise<void> {
    this.#isDirty = false;
    await this.stop();
    await this.#apply([]).catch(() => undefined);
  }

  async #apply(instances: readonly InstanceReport[]): Promise<void> {
    const { connection, place, by = 'agent' } = this.#options;
    const { namespace, name, instance } = place;
    const metadata = { name, namespace };
    const body = { apiVersion: 'chancery.dev/v1', kind: 'Workload', metadata, status: { instances } };
    await connection.client.json({
      method: 'PATCH',
      path: objectPath(workloadKind, namespace, name, 'status'),
      query: { fieldManager: `chancery-${by}-${instance}`, force: true },
      body: JSON.stringify(body),
      contentType: mediaTypes.applyPatch,
      // The whole answer would be what all instances have reported.
      accept: mediaTypes.partialObject,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  }

  #after(milliseconds: number): void {
    this.#timer?.cancel();
    if (!this.#isStopped) this.#timer = this.#options.clock.after(milliseconds, () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#writing ??= this.#write();
    await this.#writing;
    this.#writing = undefined;
    if (this.#isFailing) this.#after(this.#backOff.next());
    else this.#after(this.#isDirty ? gatherMilliseconds : signMilliseconds * (1 - this.#options.random() / 4));
  }

  async #write(): Promise<void> {
    const { connection, place, current, log } = this.#options;
    const { name } = place;
    this.#isDirty = false;
    try {
      await this.#apply([current()]);
      if (this.#isFailing) log.info({ workload: name }, 'reporting again');
      this.#isFailing = false;
      this.#backOff.reset();
    } catch (error) {
      if (!this.#isFailing) {
        log.warn({ workload: name, error: String(error) }, 'cannot report; trying again');
      }
      // Watches only read: over a way that was cut off, they would wait for ever for a server that has forgotten them.
      if (isSilence(error) || (!this.#isFailing && isCoded(error, 'unreachable'))) connection.reopen();
      else connection.refresh();
      this.#isFailing = true;
      this.#isDirty = true;
    }
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
