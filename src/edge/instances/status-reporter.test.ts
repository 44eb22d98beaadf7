import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeClock } from '#control/runtime';
import type { Connection } from '#edge/following';
import { ConnectionBroken } from '#edge/api';
import { CodedError } from '#errors';
import { StatusReporter } from './status-reporter.ts';

const unreachable = (): Error => new CodedError('unreachable', 'cannot reach it');
const broken = (): Error => new ConnectionBroken('cannot reach it', undefined);
const silence = (): Error => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
const forbidden = (): Error => new CodedError('forbidden', 'not yours');
const missing = (): Error => new CodedError('not-found', 'it is not there');

const status = { properties: { level: {}, since: {} } };
const kind = { group: 'chancery.dev', version: 'v1', plural: 'things', schema: { properties: { status } } } as never;

interface Sent {
  readonly path: string;
  readonly body?: string;
}

/** A server that answers one request after another with what is due; `undefined`, and what comes after, takes it. */
class Scene {
  readonly clock = new FakeClock();
  readonly seen: string[] = [];
  readonly sent: object[] = [];
  readonly due: (Error | undefined)[];
  status: Record<string, unknown> = { level: 1 };
  isWanted = true;
  /** How long the server takes. */
  takes = 0;
  readonly reporter: StatusReporter<Record<string, unknown>>;

  constructor(...due: readonly (Error | undefined)[]) {
    this.due = [...due];
    const connection = {
      client: { json: (request: Sent) => this.#answer(request) },
      reopen: () => this.seen.push('opened anew'),
      refresh: () => this.seen.push('looked'),
    } as unknown as Connection;
    this.reporter = new StatusReporter({
      connection,
      clock: this.clock,
      random: () => 0,
      log: { info: () => undefined, warn: () => undefined },
      place: { kind, namespace: 'team', name: 'one' },
      fieldManager: 'test',
      declaration: () =>
        this.isWanted ? { apiVersion: 'chancery.dev/v1', kind: 'Thing', metadata: { name: 'one' } } : undefined,
      status: () => this.status,
      signOfLifeMilliseconds: 30_000,
    });
  }

  #answer({ path, body = '{}' }: Sent): Promise<void> {
    const answer = this.due.shift();
    const what = path.endsWith('/status') ? 'reported' : 'declared';
    this.seen.push(answer === undefined ? what : 'failed');
    if (answer === undefined && what === 'reported') this.sent.push(JSON.parse(body).status);
    this.clock.advance(this.takes);
    return answer === undefined ? Promise.resolve() : Promise.reject(answer);
  }

  /** What falls due is over before the next thing is. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.clock.now().getTime() + milliseconds;
    for (let at = 0; at < end;) {
      at = Math.min(end, (this.clock.pending()[0]?.getTime() ?? end) + 1);
      this.clock.advance(Math.max(0, at - this.clock.now().getTime()));
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('StatusReporter after a failure', () => {
  for (const { due, seen, why } of [
    {
      due: [broken(), unreachable(), undefined],
      seen: ['failed', 'opened anew', 'failed', 'looked', 'declared', 'reported'],
      why: 'opens the connection anew once: its server came back as another, which knows nothing of the watches',
    },
    {
      due: [unreachable(), undefined],
      seen: ['failed', 'looked', 'declared', 'reported'],
      why: 'leaves the watches of a server alone that has no time for another connection',
    },
    {
      due: [silence(), silence(), undefined],
      seen: ['failed', 'opened anew', 'failed', 'opened anew', 'declared', 'reported'],
      why: 'opens the connection anew each time when nothing gets through',
    },
    {
      due: [forbidden(), undefined],
      seen: ['failed', 'looked', 'declared', 'reported'],
      why: 'only looks for another identity when the server is there and says no',
    },
    {
      due: [undefined, missing()],
      seen: ['declared', 'failed', 'looked', 'declared', 'reported'],
      why: 'makes the object anew when it was taken away',
    },
  ]) {
    test(why, async () => {
      const scene = new Scene(...due);
      scene.reporter.changed();
      while (scene.seen.length < seen.length) await scene.pass(30_000);
      await scene.reporter.stop();
      assert.deepEqual(scene.seen, seen);
    });
  }
});

test('StatusReporter sends only what has changed, and all of it after a failure', async () => {
  const scene = new Scene();
  scene.status = { level: 1, since: 'a' };
  scene.reporter.changed();
  await scene.pass(500);
  scene.status = { level: 2, since: 'a' };
  scene.reporter.changed();
  await scene.pass(500);
  scene.due.push(forbidden());
  scene.status = { since: 'a' };
  scene.reporter.changed();
  await scene.pass(500);
  await scene.pass(1000);
  await scene.reporter.stop();
  assert.deepEqual(scene.sent, [{ level: 1, since: 'a' }, { level: 2 }, { level: null, since: 'a' }]);
});

test('StatusReporter gives a sign of life when nothing changes', async () => {
  const scene = new Scene();
  scene.reporter.changed();
  await scene.pass(100);
  await scene.pass(29_000);
  assert.deepEqual(scene.seen, ['declared', 'reported']);
  await scene.pass(1_100);
  assert.deepEqual(scene.seen, ['declared', 'reported', 'reported']);
  await scene.reporter.stop();
});

test('StatusReporter asks a slow server less often: three times as long as it took', async () => {
  const scene = new Scene();
  scene.takes = 200;
  scene.reporter.changed();
  await scene.pass(20);
  scene.reporter.changed();
  await scene.pass(500);
  assert.deepEqual(scene.sent.length, 1);
  await scene.pass(800);
  assert.deepEqual(scene.sent.length, 2);
  await scene.reporter.stop();
});

test('StatusReporter writes nothing as long as there shall be no object', async () => {
  const scene = new Scene();
  scene.isWanted = false;
  scene.reporter.changed();
  await scene.pass(1000);
  assert.deepEqual(scene.seen, []);
  scene.isWanted = true;
  scene.reporter.startOver();
  await scene.pass(1000);
  assert.deepEqual(scene.seen, ['declared', 'reported']);
  await scene.reporter.stop();
});
