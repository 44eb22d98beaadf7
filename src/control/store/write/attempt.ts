import type { KubeObject } from '#model/objects';
import type { ObjectCodec } from '../object-codec.ts';
import { checkObjectSize } from './size-limits.ts';
import type { Write } from '../resource-store.ts';
import { openCopy, sealCopy } from './pending-writes.ts';
import type { EncodedWrite, PendingWrites } from './pending-writes.ts';
import { planWrite } from './plan-write.ts';
import type { PlanEnvironment, PlannedWrite } from './plan-write.ts';

/** What the writer of one write gets. */
export interface Answer {
  readonly object: KubeObject | undefined;
  readonly created: boolean;
}

/** One try at a sequence of writes, from planning to the answers. Warnings are held back until it succeeded. */
export class Attempt {
  readonly #pending: PendingWrites;
  readonly #planned: PlannedWrite[] = [];
  readonly #warnings: (() => void)[] = [];

  constructor(pending: PendingWrites) {
    this.#pending = pending;
  }

  async add(environment: PlanEnvironment, write: Write): Promise<void> {
    const { onWarning } = write.options;
    const planned = await planWrite(environment, write, this.#pending, (text) => {
      this.#warnings.push(() => onWarning?.(text));
    });
    const { kind, key, plan } = planned;
    this.#planned.push(planned);
    if (plan.change === 'none') return;
    if (write.options.dryRun === true) return checkSize(planned);
    this.#pending.stage(kind, key, plan.change === 'put' ? plan.object : undefined);
  }

  /** What must be committed. */
  encode(codec: ObjectCodec): EncodedWrite[] {
    return this.#pending.encode(codec);
  }

  /** The answers, once `written` is committed: the last state of each key, whichever write of it asks. */
  answers(written: ReadonlyMap<string, KubeObject | undefined>): Answer[] {
    for (const warn of this.#warnings) warn();
    return this.#planned.map(({ key, plan, created }) => {
      if (written.has(key) && plan.change !== 'delete') return { object: written.get(key), created };
      return { object: answerOf(plan.object), created };
    });
  }
}

function checkSize({ kind, plan }: PlannedWrite): void {
  if (plan.change !== 'put') return;
  checkObjectSize(kind, plan.object.metadata.name, Buffer.byteLength(JSON.stringify(plan.object)));
}

/** Of a write that committed nothing: the object as it is, or as it would be. */
function answerOf(object: KubeObject | undefined): KubeObject | undefined {
  if (object === undefined || Object.isFrozen(object)) return object;
  return sealCopy(openCopy(object), object.metadata.resourceVersion);
}
