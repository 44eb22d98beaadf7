import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rotation } from '#model/resources';
import { untilOf, withWord } from './attest.ts';
import { nextName } from './find-rotation.ts';

const now = new Date('2026-06-01T12:00:00Z');

test('untilOf() takes a day to its end, and an instant as it is', () => {
  assert.equal(untilOf('2026-06-01', now), '2026-06-01T23:59:59Z');
  assert.equal(untilOf('2026-06-01T14:00:00+01:00', now), '2026-06-01T13:00:00Z');
});

for (const text of ['2026-05-31', '2026-02-31x', 'soon', '', '2026', '2026-13-01']) {
  test(`untilOf() refuses "${text}"`, () => assert.throws(() => untilOf(text, now), { name: 'UsageError' }));
}

const named = (...names: string[]): Rotation[] => names.map((name) => ({ metadata: { name } }) as Rotation);

test('nextName() counts on, and steps over names that are taken', () => {
  assert.equal(nextName('ca', []), 'ca-1');
  assert.equal(nextName('ca', named('ca-1', 'ca-scheduled-1')), 'ca-3');
  assert.equal(nextName('ca', named('ca-2')), 'ca-3');
  assert.ok(nextName('x'.repeat(253), named('a')).length <= 253);
});

test('withWord() replaces the word of the same consumer only', () => {
  const word = { consumer: 'ns/a', by: 'Eve', until: '2027-01-01T00:00:00Z' };
  const other = { ...word, consumer: 'ns/b' };
  const rotation = { spec: { attestations: [{ ...word, by: 'Bob' }, other] } } as Rotation;
  assert.deepEqual(withWord(rotation, word).spec.attestations, [other, word]);
});
