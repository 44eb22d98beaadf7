import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMemo } from './bounded-memo.ts';

function counted(limit: number): { read: (key: string) => string; made: string[] } {
  const made: string[] = [];
  const memo = new BoundedMemo<string>(limit);
  const make = (key: string): string => {
    made.push(key);
    return key.toUpperCase();
  };
  return { made, read: (key) => memo.get(key, () => make(key)) };
}

test('the same text is made once', () => {
  const { read, made } = counted(4);
  assert.deepEqual([read('a'), read('a')], ['A', 'A']);
  assert.deepEqual(made, ['a']);
});

test('at least half of the limit is remembered, and what is older than the limit is made again', () => {
  const { read, made } = counted(4);
  for (const key of ['a', 'b', 'c', 'd', 'e']) read(key);
  made.length = 0;
  for (const key of ['d', 'e']) read(key);
  assert.deepEqual(made, []);
  read('a');
  assert.deepEqual(made, ['a']);
});

test('what is set is remembered in the place of what was', () => {
  const memo = new BoundedMemo<number>(2);
  memo.set('a', 1);
  memo.set('b', 2);
  memo.set('a', 3);
  assert.equal(
    memo.get('a', () => 4),
    3,
  );
});

test('what could not be made is not remembered', () => {
  const memo = new BoundedMemo<number>(2);
  assert.throws(() => memo.get('a', () => assert.fail('no')));
  assert.equal(
    memo.get('a', () => 1),
    1,
  );
});
