import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { freezeDeep, frozenCopy } from './frozen.ts';

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

it('frozenCopy() is equal, deeply frozen, and leaves its argument open', () => {
  const property = fc.property(fc.jsonValue(), (value) => {
    const before = JSON.stringify(value);
    const copy = frozenCopy(value);
    assert.equal(JSON.stringify(copy), before);
    assert.ok(isDeeplyFrozen(copy));
    if (typeof value === 'object' && value !== null) assert.ok(!Object.isFrozen(value));
  });
  fc.assert(property);
});

it('frozenCopy() shares what is frozen already and drops what is undefined', () => {
  const spec = freezeDeep({ a: [1, { b: 2 }] });
  const copy = frozenCopy({ spec, gone: undefined, status: { x: 1 } });
  assert.equal(copy.spec, spec);
  assert.deepEqual(Object.keys(copy), ['spec', 'status']);
});

it('frozenCopy() keeps a key called __proto__ as a key', () => {
  const copy = frozenCopy(JSON.parse('{"__proto__":{"x":1}}') as object);
  assert.equal(JSON.stringify(copy), '{"__proto__":{"x":1}}');
  assert.equal((copy as { x?: number }).x, undefined);
});
