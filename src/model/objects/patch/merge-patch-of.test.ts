import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json } from '../object.ts';
import { applyMergePatch } from './merge-patch.ts';
import { mergePatchOf } from './merge-patch-of.ts';

for (const { why, before, after, patch } of [
  { why: 'nothing has changed', before: { a: 1, b: [1] }, after: { a: 1, b: [1] }, patch: {} },
  { why: 'a field has changed', before: { a: 1, b: 2 }, after: { a: 1, b: 3 }, patch: { b: 3 } },
  { why: 'a field is gone', before: { a: 1, b: 2 }, after: { a: 1 }, patch: { b: null } },
  {
    why: 'a field within one is gone',
    before: { a: { b: 1, c: 2 } },
    after: { a: { b: 1 } },
    patch: { a: { c: null } },
  },
  { why: 'a list has changed', before: { a: [1, 2] }, after: { a: [1] }, patch: { a: [1] } },
]) {
  test(`mergePatchOf() when ${why}`, () => assert.deepEqual(mergePatchOf(before, after), patch));
}

const { value } = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.boolean(),
    fc.string(),
    fc.array(tie('value')),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value')),
}));
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value);

test('what mergePatchOf() answers makes the one of the other', () => {
  fc.assert(
    fc.property(objects, objects, (before, after) => {
      const [from, to] = JSON.parse(JSON.stringify([before, after])) as [Record<string, Json>, Record<string, Json>];
      assert.deepEqual(applyMergePatch(from, mergePatchOf(from, to)), to);
    }),
  );
});
