import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAccept, parseMediaType } from './media-types.ts';

test('parseMediaType() reads type and parameters, names in lower case and values as they are', () => {
  assert.deepEqual(parseMediaType('Application/JSON; as=Table;V=v1 ; g="meta.k8s.io"'), {
    type: 'application/json',
    parameters: { as: 'Table', v: 'v1', g: 'meta.k8s.io' },
    quality: 1,
  });
});

for (const { header, types } of [
  { header: undefined, types: ['*/*'] },
  { header: ' ', types: ['*/*'] },
  { header: 'application/json, */*;q=0.8', types: ['application/json', '*/*'] },
  { header: 'a/a;q=0.1, b/b;q=0.9, c/c', types: ['c/c', 'b/b', 'a/a'] },
  { header: 'a/a, b/b, c/c', types: ['a/a', 'b/b', 'c/c'] },
  { header: 'a/a;q=0, b/b', types: ['b/b'] },
  { header: ',,a/a,', types: ['a/a'] },
  { header: 'a/a;q=many', types: [] },
]) {
  test(`parseAccept() orders ${JSON.stringify(header)} as ${JSON.stringify(types)}`, () => {
    assert.deepEqual(
      parseAccept(header).map(({ type }) => type),
      types,
    );
  });
}

test('parseAccept() reads any text', () => {
  fc.assert(fc.property(fc.string(), (header) => assert.ok(Array.isArray(parseAccept(header)))));
});
