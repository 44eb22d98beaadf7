import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FleetOrders, FromFleet, Tally, ToFleet } from './fleet/messages.ts';
import { processUsage } from '../process-usage.ts';

const program = fileURLToPath(new URL('./fleet/fleet-process.ts', import.meta.url));

/** The processes that play instances. */
export class Fleet implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** One process for each of `orders`; resolves when every instance watches. */
  static async start(orders: readonly FleetOrders[]): Promise<Fleet> {
    const fleet = new Fleet(orders.map(() => fork(program, { stdio: 'inherit' }).setMaxListeners(0)));
    for (const child of fleet.#children)
      child.once('exit', (code) => code === 0 || assert.fail(`a process of the fleet has ended with ${code}`));
    await Promise.all(
      orders.map((one, index) => ask(fleet.#children[index]!, { do: 'start', orders: one }, 'started')),
    );
    return fleet;
  }

  /** CPU seconds of all processes so far. */
  get cpuSeconds(): number {
    return this.#children.reduce((sum, { pid }) => sum + processUsage(pid!).cpuSeconds, 0);
  }

  setLatency(milliseconds: number): void {
    for (const child of this.#children) child.send({ do: 'latency', milliseconds } satisfies ToFleet);
  }

  async tally(): Promise<Tally> {
    const answers = await Promise.all(this.#children.map((child) => ask(child, { do: 'tally' }, 'tally')));
    return answers.map((answer) => (answer as Extract<FromFleet, { said: 'tally' }>).tally).reduce(sumOf);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => ask(child, { do: 'stop' }, 'stopped')));
    await Promise.all(
      this.#children.map(async (child) => {
        child.disconnect();
        await once(child, 'exit');
      }),
    );
  }
}

async function ask(child: ChildProcess, message: ToFleet, answer: FromFleet['said']): Promise<FromFleet> {
  child.send(message);
  for (;;) {
    const [said] = (await once(child, 'message')) as [FromFleet];
    if (said.said === answer) return said;
  }
}

function sumOf(one: Tally, other: Tally): Tally {
  const reasons = { ...one.reasons };
  for (const [reason, count] of Object.entries(other.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
  const trust = { ...one.trust };
  for (const [digest, { delivered, proven }] of Object.entries(other.trust)) {
    const before = trust[digest] ?? { delivered: [], proven: [] };
    trust[digest] = { delivered: [...before.delivered, ...delivered], proven: [...before.proven, ...proven] };
  }
  return {
    made: one.made + other.made,
    failed: one.failed + other.failed,
    reasons,
    identityProofs: one.identityProofs + other.identityProofs,
    trustProofs: one.trustProofs + other.trustProofs,
    failedProofs: one.failedProofs + other.failedProofs,
    reports: one.reports + other.reports,
    lastIdentityProof: Math.max(one.lastIdentityProof, other.lastIdentityProof),
    trust,
  };
}
