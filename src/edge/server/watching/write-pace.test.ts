import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { WritePace } from './write-pace.ts';

interface Clock {
  at: number;
  pass(milliseconds: number): void;
}

function mockClock({ mock }: TestContext): Clock {
  mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  const clock: Clock = {
    at: 1000,
    pass(milliseconds) {
      clock.at += milliseconds;
      mock.timers.tick(milliseconds);
    },
  };
  mock.method(performance, 'now', () => clock.at);
  return clock;
}

test('after a quiet time a stream writes at the end of the turn, once', (context) => {
  const clock = mockClock(context);
  const written: string[] = [];
  const pace = new WritePace();
  const write = (): number => written.push('a');
  pace.soon(write);
  pace.soon(write);
  assert.deepEqual(written, []);
  clock.pass(0);
  assert.deepEqual(written, ['a']);
});

for (const { took, rest, why } of [
  { took: 0, rest: 10, why: 'at least 10 ms' },
  { took: 40, rest: 40, why: 'as long as the writing took' },
]) {
  test(`streams that have written rest together: ${why}`, (context) => {
    const clock = mockClock(context);
    const written: string[] = [];
    const pace = new WritePace();
    pace.soon(() => (clock.at += took));
    clock.pass(0);
    pace.soon(() => written.push('a'));
    clock.pass(rest - 1);
    pace.soon(() => written.push('b'));
    assert.deepEqual(written, []);
    clock.pass(1);
    assert.deepEqual(written, ['a', 'b']);
  });
}
