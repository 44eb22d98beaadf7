import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffEnd, backOffSeconds } from './back-off.ts';
import { defaultSettings } from './settings.ts';

const hour = 3600;
const steps: readonly { why: string; attempts: number | undefined; hours: number }[] = [
  { why: 'attempts unknown', attempts: undefined, hours: 1 },
  { why: 'a negative count', attempts: -1, hours: 1 },
  { why: 'zero', attempts: 0, hours: 1 },
  { why: 'the first failure', attempts: 1, hours: 1 },
  { why: 'the second doubles', attempts: 2, hours: 2 },
  { why: 'the third', attempts: 3, hours: 4 },
  { why: 'the fourth', attempts: 4, hours: 8 },
  { why: 'the fifth', attempts: 5, hours: 16 },
  { why: 'the sixth reaches the longest', attempts: 6, hours: 32 },
  { why: 'the seventh stays there', attempts: 7, hours: 32 },
  { why: 'a count whose power overflows', attempts: 5000, hours: 32 },
];

for (const { why, attempts, hours } of steps) {
  test(`backOffSeconds(): ${why}`, () => {
    assert.equal(backOffSeconds(attempts, defaultSettings), hours * hour);
  });
}

test('backOffSeconds() keeps to a longest that is below the first', () => {
  assert.equal(backOffSeconds(1, { ...defaultSettings, longestBackOffSeconds: 60 }), 60);
});

test('backOffEnd() counts from the last failure, and is undefined without one', () => {
  const status = { lastFailureTime: '2026-01-01T00:00:00Z', failedIssuanceAttempts: 2 };
  assert.deepEqual(backOffEnd(status, defaultSettings), new Date('2026-01-01T02:00:00Z'));
  assert.equal(backOffEnd({ failedIssuanceAttempts: 2 }, defaultSettings), undefined);
});
