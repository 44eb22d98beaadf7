import { isCoded } from '#errors';
import { mediaTypes, objectPath } from '#edge/api';
import type { Clock, Timer } from '#control/runtime';
import { deepEqual, type Condition, type Json } from '#model/objects';
import { gatewayNodeKind, type GatewayNode } from '#model/resources';
import type { NodeLog, Place } from '../node-options.ts';
import { BackOff, type Connection } from '#edge/following';
import type { NodeStatus } from './node-status.ts';

export interface ReporterOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: NodeLog;
  readonly gateway: Place;
  readonly node: string;
  readonly version: string;
  readonly status: (before: readonly Condition[]) => NodeStatus;
  /** The API did not answer in time, so that what follows it may hang without knowing. */
  readonly onSilence: () => void;
}

/** What changes while something is written is told together. */
const gatherMilliseconds = 15;
/** Writing takes a part of the time only, and the less the larger the status is. */
const pauseAfter = (milliseconds: number, length: number): number => Math.min(250, milliseconds * 3) + length / 512;
const heartbeatMilliseconds = 10_000;
const timeoutMilliseconds = 10_000;
/** After a silence this long somebody may have written that the node is lost: then all is written again. */
const lostMilliseconds = 30_000;

/** Keeps the GatewayNode of this node as the node is: changes at once, a sign of life every ten seconds. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #backOff: BackOff;
  #conditions: readonly Condition[] = [];
  #written: { readonly status: NodeStatus; readonly at: number } | undefined;
  #isCreated = false;
  #isDirty = false;
  #isStopped = false;
  #notBefore = 0;
  #dueAt = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#backOff = new BackOff(500, 10_000, options.random);
  }

  /** Something about the node has changed, and shall be told by then; what changes until then is told with it. */
  changed(withinMilliseconds: number): void {
    this.#isDirty = true;
    if (this.#writing === undefined) this.#writeWithin(withinMilliseconds);
  }

  /** Writes what has not been written yet, and no more after that. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#writing;
    if (this.#isDirty && this.#isCreated) await this.#write().catch(() => undefined);
  }

  #writeWithin(milliseconds: number): void {
    const due = Math.max(this.#now() + milliseconds, this.#notBefore);
    if (this.#isStopped || (this.#timer !== undefined && this.#dueAt <= due)) return;
    this.#timer?.cancel();
    this.#dueAt = due;
    this.#timer = this.#options.clock.after(due - this.#now(), () => {
      this.#timer = undefined;
      this.#writing = this.#run().finally(() => {
        this.#writing = undefined;
        this.#writeWithin(this.#isDirty ? gatherMilliseconds : heartbeatMilliseconds);
      });
    });
  }

  async #run(): Promise<void> {
    const started = this.#now();
    try {
      const length = await this.#write();
      this.#backOff.reset();
      this.#notBefore = this.#now() + pauseAfter(this.#now() - started, length);
    } catch (error) {
      this.#isDirty = true;
      this.#written = undefined;
      this.#notBefore = this.#now() + this.#backOff.next();
      this.#explain(error);
    }
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }

  #explain(error: unknown): void {
    if (isCoded(error, 'not-found')) this.#isCreated = false;
    if (isSilence(error) || isCoded(error, 'unauthorized')) this.#options.onSilence();
    const message = error instanceof Error ? error.message : String(error);
    if (!isCoded(error, 'unreachable'))
      this.#options.log.warn({ error: message }, 'could not report what this node has');
  }

  /** Answers how much it wrote. */
  async #write(): Promise<number> {
    if (!this.#isCreated) await this.#create();
    this.#isDirty = false;
    const status = this.#options.status(this.#conditions);
    const isRecent = this.#written !== undefined && this.#now() - this.#written.at < lostMilliseconds;
    const patch = { status: isRecent ? changedFields(this.#written!.status, status) : status };
    const length = await this.#patch('status', patch);
    this.#written = { status, at: this.#now() };
    this.#conditions = status.conditions ?? [];
    return length;
  }

  async #create(): Promise<void> {
    const { connection, gateway, node, version } = this.#options;
    const spec = { gatewayRef: { name: gateway.name }, version };
    const metadata = { name: node, namespace: gateway.namespace };
    const object = { apiVersion: 'chancery.dev/v1', kind: 'GatewayNode', metadata, spec };
    try {
      await connection.client.create<GatewayNode>(gatewayNodeKind, object, { fieldManager });
    } catch (error) {
      if (!isCoded(error, 'already-exists')) throw error;
      await this.#patch(undefined, { spec });
    }
    this.#isCreated = true;
    this.#written = undefined;
  }

  async #patch(subresource: 'status' | undefined, content: object): Promise<number> {
    const { connection, gateway, node } = this.#options;
    const body = JSON.stringify(content);
    await connection.client.json({
      method: 'PATCH',
      path: objectPath(gatewayNodeKind, gateway.namespace, node, subresource),
      query: { fieldManager },
      body,
      contentType: mediaTypes.mergePatch,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    return body.length;
  }
}

const fieldManager = 'chancery-gateway';

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** A merge patch from what was written to what is: a sign of life alone is one field. */
function changedFields(before: NodeStatus, after: NodeStatus): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof NodeStatus>;
  const changed = [...names].filter(
    (name) => !deepEqual((before[name] ?? null) as Json, (after[name] ?? null) as Json),
  );
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}
