import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretKind } from '#model/resources';
import type { Kind } from '#model/resources';
import type { ResourceStore } from '#control/store';
import { eachTerm } from './each-term.ts';
import type { FoundTerm } from './each-term.ts';

/** An index that is scanned as the store does: sorted by value, then by name. */
function storeOf(terms: readonly FoundTerm[]): ResourceStore {
  const sorted = terms.toSorted((a, b) => compare(a.value, b.value) || compare(a.name, b.name));
  const scan: ResourceStore['scan'] = (_kind, _index, { from, to, limit }) =>
    Promise.resolve(sorted.filter(({ value }) => value >= from && value < to).slice(0, limit));
  return { scan } as ResourceStore;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

test('eachTerm() gives every term of the range once and in order, however many share a value', async () => {
  const values = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 0, maxLength: 2500, size: 'max' });
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const terms = given.map((value, index) => ({ value, namespace: 'n', name: String(index).padStart(5, '0') }));
      const range = { from: 'b', to: 'e' };
      const found = await Array.fromAsync(eachTerm(storeOf(terms), secretKind as unknown as Kind, 'expiry', range));
      const expected = terms.filter(({ value }) => value >= 'b' && value < 'e');
      assert.equal(found.length, expected.length);
      assert.equal(new Set(found.map(({ name }) => name)).size, expected.length);
      assert.deepEqual(
        found.map(({ value }) => value),
        expected.map(({ value }) => value).toSorted(),
      );
    }),
    { numRuns: 25 },
  );
});
