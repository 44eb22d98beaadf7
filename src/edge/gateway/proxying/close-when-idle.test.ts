import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { closeWhenIdle } from './close-when-idle.ts';

class Session extends EventEmitter {
  readonly done: string[] = [];
  close(): void {
    this.done.push('close');
  }
  destroy(): void {
    this.done.push('destroy');
  }
}

function watched(t: TestContext): { session: Session; connection: { bytesRead: number; bytesWritten: number } } {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const [session, connection] = [new Session(), { bytesRead: 100, bytesWritten: 50 }];
  closeWhenIdle(session, connection, 1000);
  return { session, connection };
}

describe('a session of HTTP/2', () => {
  test('is let end when nothing has moved, and ended when it does not end', (t) => {
    const { session } = watched(t);
    t.mock.timers.tick(1000);
    assert.deepEqual(session.done, []);
    t.mock.timers.tick(250);
    assert.deepEqual(session.done, ['close']);
    t.mock.timers.tick(1000);
    assert.deepEqual(session.done, ['close', 'destroy']);
    t.mock.timers.tick(10_000);
    assert.deepEqual(session.done, ['close', 'destroy']);
  });

  test('goes on while something moves, either way', (t) => {
    const { session, connection } = watched(t);
    for (let round = 0; round < 10; round += 1) {
      t.mock.timers.tick(900);
      connection[round % 2 === 0 ? 'bytesRead' : 'bytesWritten'] += 1;
    }
    assert.deepEqual(session.done, []);
  });

  test('is let go when it has ended', (t) => {
    const { session } = watched(t);
    session.emit('close');
    t.mock.timers.tick(10_000);
    assert.deepEqual(session.done, []);
  });
});
