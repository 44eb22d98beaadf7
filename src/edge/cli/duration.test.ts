import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relativeTime, shortDuration } from './duration.ts';

const lengths: [number, string, string][] = [
  [0, '0s', 'nothing'],
  [45, '45s', 'seconds alone'],
  [60, '1m', 'no rest'],
  [125, '2m5s', 'two units'],
  [3 * 3600 + 20 * 60 + 9, '3h20m', 'never three units'],
  [11 * 3600 + 59 * 60, '11h', 'ten and more stand alone'],
  [2 * 86_400 + 3600, '2d1h', 'days and hours'],
  [59 * 86_400 + 3600, '59d', 'many days stand alone'],
  [-90, '1m30s', 'the sign is the caller’s to say'],
];

for (const [seconds, text, why] of lengths) {
  test(`shortDuration() of ${seconds} s is ${text}: ${why}`, () => assert.equal(shortDuration(seconds), text));
}

test('relativeTime() says in which direction an instant lies', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  assert.equal(relativeTime(new Date('2026-01-03T01:00:00Z'), now), 'in 2d1h');
  assert.equal(relativeTime(new Date('2025-12-31T23:59:15Z'), now), '45s ago');
});
