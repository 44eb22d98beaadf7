import type { Clock } from '#control/runtime';
import { isCoded } from '#errors';
import { BackOff, type Connection } from '#edge/following';
import { mediaTypes, objectPath } from '#edge/api';
import { workloadKind, type InstanceReport } from '#model/resources';
import type { AgentLog, AgentPlace } from '../agent-options.ts';

export interface StatusWriterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: AgentLog;
  readonly place: AgentPlace;
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
    const { namespace, name, instance } = place;
    this.#isDirty = false;
    const body = {
      apiVersion: 'chancery.dev/v1',
      kind: 'Workload',
      metadata: { name, namespace },
      status: { instances: [current()] },
    };
    try {
      await connection.client.json({
        method: 'PATCH',
        path: objectPath(workloadKind, namespace, name, 'status'),
        query: { fieldManager: `chancery-agent-${instance}`, force: true },
        body: JSON.stringify(body),
        contentType: mediaTypes.applyPatch,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
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
