import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DelayedKeys } from './delayed-keys.ts';
import { DueHeap } from './due-heap.ts';
import { FakeClock } from './fake-clock.ts';

test('DueHeap gives keys out in the order of their instants', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), (instants) => {
      const heap = new DueHeap();
      for (const at of instants) heap.push(`k${at}`, at);
      const out: number[] = [];
      for (let item = heap.pop(2000); item !== undefined; item = heap.pop(2000)) out.push(item.at);
      assert.deepEqual(
        out,
        [...instants].sort((a, b) => a - b),
      );
    }),
  );
});

test('DueHeap keeps what is not due', () => {
  const heap = new DueHeap();
  heap.push('a', 10);
  assert.equal(heap.pop(9), undefined);
  assert.equal(heap.size, 1);
  assert.deepEqual(heap.pop(10), { at: 10, key: 'a' });
});

test('DelayedKeys needs one timer, however many keys there are', () => {
  const clock = new FakeClock();
  const released: string[] = [];
  const keys = new DelayedKeys(clock, (key) => released.push(key));
  for (let index = 100; index > 0; index -= 1) keys.add(`k${index}`, clock.now().getTime() + index * 10);
  assert.equal(clock.pending().length, 1);
  clock.advance(500);
  assert.equal(released.length, 50);
  assert.equal(keys.size, 50);
});

test('DelayedKeys forgets a key that was removed', () => {
  const clock = new FakeClock();
  const released: string[] = [];
  const keys = new DelayedKeys(clock, (key) => released.push(key));
  keys.add('a', clock.now().getTime() + 10);
  keys.remove('a');
  clock.advance(100);
  assert.deepEqual(released, []);
});
