import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanDuration, relativeTime } from './duration.ts';

const durations: [number, string, string][] = [
  [0, '0s', 'nothing has passed'],
  [102, '102s', 'seconds stand alone below two minutes'],
  [120, '2m', 'a second unit of zero is left out'],
  [423, '7m3s', 'seconds matter below ten minutes'],
  [5_700, '95m', 'minutes stand alone below three hours'],
  [25_500, '7h5m', 'minutes matter below eight hours'],
  [108_000, '30h', 'hours stand alone below two days'],
  [442_800, '5d3h', 'hours matter below eight days'],
  [62_985_600, '729d', 'days stand alone below two years'],
  [66_096_000, '2y35d', 'days matter below eight years'],
  [315_273_600, '9y', 'years stand alone from eight up'],
  [-90, '90s', 'the sign is dropped'],
];

for (const [seconds, text, why] of durations) {
  test(`humanDuration() shows ${seconds} seconds as ${text}: ${why}`, () => assert.equal(humanDuration(seconds), text));
}

test('relativeTime() tells the future from the past', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  assert.equal(relativeTime(new Date('2026-01-01T00:01:00Z'), now), 'in 60s');
  assert.equal(relativeTime(new Date('2025-12-31T00:00:00Z'), now), '24h ago');
});
