import { isCoded } from '#errors';
import { ConnectionBroken } from '#edge/api';
import type { Clock, Timer } from '#control/runtime';
import { BackOff, type Connection } from '#edge/following';
import { OwnObject, type OwnObjectOptions } from './own-object.ts';

export interface ReporterLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface StatusReporterOptions<Status extends object> extends OwnObjectOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: ReporterLog;
  readonly status: () => Status;
  /** How often it says that it is there when nothing else is to be said. */
  readonly signOfLifeMilliseconds: number;
}

/** What changes while something is written is told together. */
const gatherMilliseconds = 15;
/** After a silence of so many signs of life somebody may have written that the program is lost. */
const missedSigns = 3;

/**
 * Writing takes a quarter of the time at most: a server that is slow, because many report to it, is asked less often. So
 * is every server by who has much to say.
 */
const pauseAfter = (milliseconds: number, bytes: number): number => Math.min(1000, milliseconds * 3) + bytes / 512;

/** Keeps the status of the program's own object as the program is: changes at once, and now and then a sign of life. */
export class StatusReporter<Status extends object> {
  readonly #options: StatusReporterOptions<Status>;
  readonly #object: OwnObject<Status>;
  readonly #backOff: BackOff;
  #writtenAt: number | undefined;
  #isDirty = false;
  #isStopped = false;
  #isFailing = false;
  #notBefore = 0;
  #dueAt = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: StatusReporterOptions<Status>) {
    this.#options = options;
    this.#object = new OwnObject(options);
    this.#backOff = new BackOff(250, 30_000, options.random);
  }

  /** Something is different now, and shall be told by then; what changes until then is told with it. */
  changed(withinMilliseconds = gatherMilliseconds): void {
    this.#isDirty = true;
    if (this.#writing === undefined) this.#writeWithin(withinMilliseconds);
  }

  /** The object it was is another now, under the same name. */
  startOver(): void {
    this.#object.doubt(false);
    this.changed();
  }

  /** Resolves when the newest status was written, or could not be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#writing;
    if (this.#isDirty && this.#writtenAt !== undefined) await this.#write();
  }

  /** Takes the object away. */
  async leave(): Promise<void> {
    this.#isDirty = false;
    await this.stop();
    await this.#object.remove().catch(() => undefined);
  }

  #writeWithin(milliseconds: number): void {
    const due = Math.max(this.#now() + milliseconds, this.#notBefore);
    if (this.#isStopped || (this.#timer !== undefined && this.#dueAt <= due)) return;
    this.#timer?.cancel();
    this.#dueAt = due;
    this.#timer = this.#options.clock.after(due - this.#now(), () => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        this.#writeWithin(this.#isDirty ? gatherMilliseconds : this.#untilSign());
      });
    });
  }

  /** Those that were started together do not go on together. */
  #untilSign(): number {
    return this.#options.signOfLifeMilliseconds * (1 - this.#options.random() / 4);
  }

  async #write(): Promise<void> {
    const { status, log, signOfLifeMilliseconds, place } = this.#options;
    const started = this.#now();
    this.#isDirty = false;
    if (started - (this.#writtenAt ?? started) >= signOfLifeMilliseconds * missedSigns) this.#object.doubt(true);
    try {
      const bytes = await this.#object.write(status());
      this.#writtenAt = this.#now();
      this.#notBefore = this.#writtenAt + pauseAfter(this.#writtenAt - started, bytes);
      if (this.#isFailing) log.info({ name: place.name }, 'reporting again');
      this.#isFailing = false;
      this.#backOff.reset();
    } catch (error) {
      this.#isDirty = true;
      this.#failed(error);
      this.#isFailing = true;
      this.#notBefore = this.#now() + this.#backOff.next();
    }
  }

  #failed(error: unknown): void {
    const { connection, log, place } = this.#options;
    this.#object.doubt(!isCoded(error, 'not-found'));
    if (!this.#isFailing) log.warn({ name: place.name, error: String(error) }, 'cannot report; trying again');
    // Watches only read: over a way that was cut off, they would wait for ever for a server that has forgotten them.
    const isCut = isSilence(error) || error instanceof ConnectionBroken;
    if (isCut || isCoded(error, 'unauthorized')) connection.reopen();
    else connection.refresh();
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
