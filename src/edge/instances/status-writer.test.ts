import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '#control/runtime';
import type { Connection } from '#edge/following';
import { CodedError } from '#errors';
import { StatusWriter } from './status-writer.ts';

const unreachable = (): Error => new CodedError('unreachable', 'cannot reach it');
const silence = (): Error => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
const forbidden = (): Error => new CodedError('forbidden', 'not yours');

/** What the API answers to one report after another; `undefined` takes it. */
async function report(...answers: readonly (Error | undefined)[]): Promise<string[]> {
  const seen: string[] = [];
  const clock = new FakeClock();
  const due = [...answers];
  const client = {
    json: () => {
      const answer = due.shift();
      seen.push(answer === undefined ? 'reported' : 'failed');
      return answer === undefined ? Promise.resolve() : Promise.reject(answer);
    },
  };
  const connection = {
    client,
    reopen: () => seen.push('opened anew'),
    refresh: () => seen.push('looked'),
  } as unknown as Connection;
  const writer = new StatusWriter({
    connection,
    clock,
    random: () => 0,
    log: { info: () => undefined, warn: () => undefined },
    place: { namespace: 'team', name: 'server', instance: 'one' },
    current: () => ({ name: 'one', materials: [] }),
  });
  writer.changed();
  while (due.length > 0) {
    clock.advance(30_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.stop();
  return seen;
}

for (const { answers, seen, why } of [
  {
    answers: [unreachable(), unreachable(), undefined],
    seen: ['failed', 'opened anew', 'failed', 'looked', 'reported'],
    why: 'its server came back as another, which knows nothing of the watches',
  },
  {
    answers: [silence(), silence(), undefined],
    seen: ['failed', 'opened anew', 'failed', 'opened anew', 'reported'],
    why: 'nothing gets through',
  },
  {
    answers: [forbidden(), undefined],
    seen: ['failed', 'looked', 'reported'],
    why: 'the server is there and says no',
  },
]) {
  test(`StatusWriter opens the connection anew or not: ${why}`, async () => {
    assert.deepEqual(await report(...answers), seen);
  });
}
