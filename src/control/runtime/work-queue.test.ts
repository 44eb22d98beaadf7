import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from './fake-clock.ts';
import { WorkQueue } from './work-queue.ts';
import type { WorkResult } from './work-queue.ts';

const backOff = { firstMilliseconds: 1000, longestMilliseconds: 30_000 };

function queueOf(work: (key: string) => Promise<WorkResult | void>, concurrency = 1, limit?: number) {
  const clock = new FakeClock();
  const failures: string[] = [];
  const queue = new WorkQueue({
    clock,
    concurrency,
    backOff,
    work,
    onFailure: (key, _error, attempt) => failures.push(`${key} ${attempt}`),
    ...(limit === undefined ? {} : { limit }),
  });
  return { queue, clock, failures };
}

/** Work that ends when the test says so. */
function heldWork() {
  const running = new Map<string, (result?: WorkResult) => void>();
  const started: string[] = [];
  const work = (key: string): Promise<WorkResult | void> => {
    started.push(key);
    return new Promise((resolve) => running.set(key, resolve));
  };
  return { work, started, finish: (key: string, result?: WorkResult) => running.get(key)?.(result) };
}

test('a key asked for many times before its turn runs once', async () => {
  const runs: string[] = [];
  const { queue } = queueOf(async (key) => void runs.push(key));
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  await queue.idle();
  assert.deepEqual(runs, ['a', 'b']);
});

test('a key asked for while it runs runs again afterwards, not beside', async () => {
  const { work, started, finish } = heldWork();
  const { queue } = queueOf(work, 4);
  queue.add('a');
  await turn();
  queue.add('a');
  queue.add('a');
  await turn();
  assert.deepEqual(started, ['a']);
  finish('a');
  await turn();
  await turn();
  assert.deepEqual(started, ['a', 'a']);
  finish('a');
  await queue.idle();
});

test('the echo of an own write that comes while the key runs is no reason to run again', async () => {
  const { work, started, finish } = heldWork();
  const { queue } = queueOf(work);
  queue.add('a', '1');
  await turn();
  queue.add('a', '2');
  finish('a', { wrote: ['2'] });
  await queue.idle();
  assert.deepEqual(started, ['a']);
});

test('somebody else’s write beside the own one is a reason', async () => {
  const { work, started, finish } = heldWork();
  const { queue } = queueOf(work);
  queue.add('a', '1');
  await turn();
  queue.add('a', '2');
  queue.add('a', '3');
  finish('a', { wrote: ['2'] });
  await turn();
  await turn();
  finish('a');
  await queue.idle();
  assert.deepEqual(started, ['a', 'a']);
});

test('no more keys run at the same time than allowed', async () => {
  const { work, started, finish } = heldWork();
  const { queue } = queueOf(work, 2);
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await turn();
  assert.deepEqual(started, ['a', 'b']);
  finish('a');
  await turn();
  assert.deepEqual(started, ['a', 'b', 'c']);
  finish('b');
  finish('c');
  await queue.idle();
});

test('a failing key comes back after 1, 2, 4 ... 30 seconds, and starts over after a success', async () => {
  let failing = true;
  const times: number[] = [];
  const { queue, clock, failures } = queueOf(async () => {
    times.push(clock.now().getTime());
    if (failing) throw new Error('no');
  });
  queue.add('a');
  await queue.idle();
  for (let attempt = 0; attempt < 7; attempt += 1) {
    clock.advance(clock.pending()[0]!.getTime() - clock.now().getTime());
    await queue.idle();
  }
  const waits = times.slice(1).map((time, index) => (time - times[index]!) / 1000);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30]);
  assert.equal(failures.at(-1), 'a 8');
  failing = false;
  clock.advance(30_000);
  await queue.idle();
  failing = true;
  queue.add('a');
  await queue.idle();
  assert.equal(failures.at(-1), 'a 1');
});

test('addAt() runs a key at its instant, the earliest when there are several, at once when it is past', async () => {
  const runs: string[] = [];
  const { queue, clock } = queueOf(async (key) => void runs.push(key));
  queue.addAt('a', new Date(clock.now().getTime() + 5000));
  queue.addAt('a', new Date(clock.now().getTime() + 2000));
  queue.addAt('b', new Date(clock.now().getTime() - 1));
  await queue.idle();
  assert.deepEqual(runs, ['b']);
  clock.advance(2000);
  await queue.idle();
  assert.deepEqual(runs, ['b', 'a']);
  clock.advance(10_000);
  await queue.idle();
  assert.deepEqual(runs, ['b', 'a']);
});

test('oldestOpenRevision() holds back what waits, runs or has failed', async () => {
  const { work, finish } = heldWork();
  const { queue } = queueOf(work);
  assert.equal(queue.oldestOpenRevision(), undefined);
  queue.add('a', '7');
  queue.add('b', '5');
  await turn();
  assert.equal(queue.oldestOpenRevision(), 5);
  finish('a');
  await turn();
  await turn();
  finish('b');
  await queue.idle();
  assert.equal(queue.oldestOpenRevision(), undefined);
  const failing = queueOf(async () => Promise.reject(new Error('no'))).queue;
  failing.add('c', '9');
  await failing.idle();
  assert.equal(failing.oldestOpenRevision(), 9);
});

test('room() makes producers wait while the queue is full', async () => {
  const { work, finish } = heldWork();
  const { queue } = queueOf(work, 1, 2);
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await turn();
  let hasRoom = false;
  const waiting = queue.room().then(() => (hasRoom = true));
  await turn();
  assert.equal(hasRoom, false);
  finish('a');
  await waiting;
  finish('b');
  await turn();
  finish('c');
  await queue.idle();
});

test('stop() waits for what runs, and takes nothing new', async () => {
  const { work, started, finish } = heldWork();
  const { queue, clock } = queueOf(work);
  queue.add('a');
  queue.addAt('later', new Date(clock.now().getTime() + 1));
  await turn();
  queue.add('b');
  const stopped = queue.stop();
  queue.add('c');
  finish('a');
  await stopped;
  clock.advance(1000);
  await turn();
  assert.deepEqual(started, ['a']);
});

test('whatever is added in whatever order, one key never runs twice at the same time, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()), { maxLength: 40 }),
      async (adds) => {
        const running = new Set<string>();
        const done = new Map<string, number>();
        let added = 0;
        const { queue } = queueOf(async (key) => {
          assert(!running.has(key));
          running.add(key);
          const seen = added;
          await turn();
          running.delete(key);
          done.set(key, seen);
        }, 3);
        for (const [key, pause] of adds) {
          queue.add(key);
          added += 1;
          if (pause) await turn();
        }
        await queue.idle();
        for (const [key] of adds) assert((done.get(key) ?? -1) >= adds.map(([one]) => one).lastIndexOf(key));
      },
    ),
    { numRuns: 50 },
  );
});
