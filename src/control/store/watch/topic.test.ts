import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ChangeEvent } from './change-event.ts';
import { Topic } from './topic.ts';

function event(rev: number, key = `/p/${rev}`): ChangeEvent {
  const metadata = { name: key, uid: '', resourceVersion: String(rev), creationTimestamp: '' };
  const object = { apiVersion: 'v1', kind: 'Thing', metadata };
  return { type: 'ADDED', key, rev, size: 10, object, previous: undefined };
}

it('Topic hands out events in order from any place at or above its floor', () => {
  const topic = new Topic('/p/', 3);
  for (const rev of [5, 8, 9]) topic.publish(event(rev));
  const table = [
    { place: 3, next: 5, why: 'nothing happened here at 4' },
    { place: 5, next: 8, why: 'strictly after' },
    { place: 8, next: 9, why: 'the last' },
    { place: 9, next: undefined, why: 'up to date' },
  ];
  for (const { place, next, why } of table) assert.equal(topic.next(place)?.rev, next, why);
});

it('Topic raises its floor with every event it forgets', () => {
  const topic = new Topic('/p/', 0);
  for (let rev = 1; rev <= 5000; rev += 1) topic.publish(event(rev));
  for (let rev = 1; rev < 5000; rev += 1) {
    assert.equal(topic.dropOldest(), 10);
    assert.equal(topic.floor, rev);
    assert.equal(topic.next(rev)?.rev, rev + 1);
  }
});

it('Topic wakes those who wait for the key, once', () => {
  const topic = new Topic('/p/', 0);
  const woken: string[] = [];
  const wait = (prefix: string, isExact: boolean): void =>
    topic.wait({ prefix, isExact, wake: (seen) => woken.push(`${prefix} ${isExact} ${seen}`) });
  for (const prefix of ['/p/a', '/p/b', '/p/']) wait(prefix, false);
  for (const key of ['/p/a', '/p/a', '/p/', '/p/b']) wait(key, true);
  topic.publish(event(1, '/p/a'));
  topic.publish(event(2, '/p/a'));
  assert.deepEqual(woken.splice(0), ['/p/a true 0', '/p/a true 0', '/p/a false 0', '/p/ false 0']);
  topic.wakeAll(7);
  topic.wakeAll(8);
  assert.deepEqual(woken, ['/p/b false 7', '/p/ true 7', '/p/b true 7']);
});

it('Topic does not wake who has ceased to wait', () => {
  const topic = new Topic('/p/', 0);
  for (const isExact of [true, false]) {
    const waiter = { prefix: '/p/a', isExact, wake: () => assert.fail() };
    topic.wait(waiter);
    topic.stopWaiting(waiter);
  }
  topic.publish(event(1, '/p/a'));
});

it('Topic after a restart holds nothing and starts at the new floor', () => {
  const topic = new Topic('/p/', 0);
  topic.publish(event(1));
  topic.publish(event(2));
  assert.equal(topic.restart(9), 20);
  assert.deepEqual([topic.floor, topic.next(9)], [9, undefined]);
});
