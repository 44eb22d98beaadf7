import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renewalLeadSeconds } from './renewal-spread.ts';
import { renewalTime } from './renewal-time.ts';
import type { RenewalRules } from './renewal-time.ts';

const begin = new Date('2026-01-01T00:00:00Z');
const hours = (count: number): Date => new Date(begin.getTime() + count * 3600_000);

const plain: readonly (RenewalRules & { why: string; lifetime: number; at: number })[] = [
  { why: 'nothing said: at two thirds of the lifetime', lifetime: 3, at: 2 },
  { why: '90 days: after 60', lifetime: 2160, at: 1440 },
  { why: 'one hour: after 40 minutes', lifetime: 1, at: 2 / 3 },
  { why: 'renewBefore counts from the end', lifetime: 2160, renewBefore: '240h', at: 1920 },
  { why: 'renewBefore of the whole lifetime falls back to two thirds', lifetime: 3, renewBefore: '3h', at: 2 },
  { why: 'renewBefore beyond the lifetime falls back to two thirds', lifetime: 3, renewBefore: '4h', at: 2 },
  { why: 'renewBefore zero falls back to two thirds', lifetime: 3, renewBefore: '0s', at: 2 },
  { why: 'a percentage is what remains, not what is used', lifetime: 100, renewBeforePercentage: 25, at: 75 },
  { why: 'percentage 0 falls back to two thirds', lifetime: 3, renewBeforePercentage: 0, at: 2 },
  { why: 'percentage 100 falls back to two thirds', lifetime: 3, renewBeforePercentage: 100, at: 2 },
  { why: 'the policy RenewBefore changes nothing', lifetime: 3, renewal: { policy: 'RenewBefore' }, at: 2 },
];

for (const { why, lifetime, at, ...rules } of plain) {
  test(`renewalTime(): ${why}`, () => {
    assert.deepEqual(renewalTime(begin, hours(lifetime), rules), { at: hours(at) });
  });
}

test('renewalTime() cuts fractions of a second off', () => {
  const end = new Date(begin.getTime() + 100_000);
  assert.equal(renewalTime(begin, end, {}).at?.toISOString(), '2026-01-01T00:01:06.000Z');
});

test('renewalTime() is undefined when automatic renewal is disabled', () => {
  assert.deepEqual(renewalTime(begin, hours(3), { renewal: { policy: 'Disabled' } }), {});
});

const windowed = (cron: string, windowDuration: string, timezone?: string): RenewalRules => ({
  renewal: { windows: [{ cron, windowDuration, ...(timezone === undefined ? {} : { timezone }) }] },
});

const inWindows: readonly { why: string; rules: RenewalRules; at: string }[] = [
  // Three days of life: due on 2026-01-03T00:00:00Z, a Saturday.
  { why: 'inside an open window: not moved', rules: windowed('0 22 * * *', '4h'), at: '2026-01-03T00:00:00.000Z' },
  {
    why: 'a window that opens at that instant counts',
    rules: windowed('0 0 * * *', '1h'),
    at: '2026-01-03T00:00:00.000Z',
  },
  {
    why: 'a window that closes at that instant does not',
    rules: windowed('0 22 * * *', '2h'),
    at: '2026-01-03T22:00:00.000Z',
  },
  { why: 'before a window: its next start', rules: windowed('30 2 * * *', '1h'), at: '2026-01-03T02:30:00.000Z' },
  { why: 'only on Saturdays', rules: windowed('0 3 * * 6', '2h'), at: '2026-01-03T03:00:00.000Z' },
  {
    why: 'in the zone of the window',
    rules: windowed('0 3 * * *', '1h', 'America/New_York'),
    at: '2026-01-03T08:00:00.000Z',
  },
];

for (const { why, rules, at } of inWindows) {
  test(`renewalTime() with windows: ${why}`, () => {
    const plan = renewalTime(begin, hours(72), { renewBefore: '24h', ...rules });
    assert.equal(plan.at?.toISOString(), at);
    assert.equal(plan.windowError, undefined);
  });
}

test('renewalTime() takes the first of several windows', () => {
  const windows = [
    { cron: '0 20 * * *', windowDuration: '1h' },
    { cron: '0 4 * * *', windowDuration: '1h' },
  ];
  const { at } = renewalTime(begin, hours(72), { renewBefore: '24h', renewal: { windows } });
  assert.equal(at?.toISOString(), '2026-01-03T04:00:00.000Z');
});

test('renewalTime() does not wait for a window that opens after the end', () => {
  const plan = renewalTime(begin, hours(72), { renewBefore: '24h', ...windowed('0 1 4 * *', '4h') });
  assert.equal(plan.at?.toISOString(), '2026-01-03T00:00:00.000Z');
  assert.notEqual(plan.windowError, undefined);
});

test('renewalTime() renews at its own time, and says why, when no window comes before the end', () => {
  const plan = renewalTime(begin, hours(72), { renewBefore: '24h', ...windowed('0 0 1 6 *', '1h') });
  assert.equal(plan.at?.toISOString(), '2026-01-03T00:00:00.000Z');
  assert.match(plan.windowError ?? '', /no renewal window opens between 2026-01-03T00:00:00Z and 2026-01-04T00:00:00Z/);
});

test('renewalTime() lies inside the lifetime whatever the rules', () => {
  const rules = fc.record({
    renewBefore: fc.option(
      fc.integer({ min: 0, max: 10_000 }).map((minutes) => `${minutes}m`),
      { nil: undefined },
    ),
    renewBeforePercentage: fc.option(fc.integer({ min: -10, max: 200 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 3600, max: 315_360_000 }), rules, (seconds, given) => {
      const end = new Date(begin.getTime() + seconds * 1000);
      const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const { at } = renewalTime(begin, end, chosen);
      return at !== undefined && at >= begin && at < end;
    }),
  );
});

const lead = (uid: string): number => renewalLeadSeconds(uid, 90 * 86_400, 3600);

test('renewalLeadSeconds() is the same for one uid, spread over uids, and inside its window', () => {
  assert.equal(lead('a'), lead('a'));
  const leads = Array.from({ length: 1000 }, (_, index) => lead(`6f7c1a2e-0000-4000-8000-${index}`));
  assert(leads.every((seconds) => seconds >= 0 && seconds < 3600));
  const quarters = [0, 1, 2, 3].map(
    (quarter) => leads.filter((seconds) => Math.floor(seconds / 900) === quarter).length,
  );
  assert(
    quarters.every((count) => count > 150),
    `uneven: ${quarters.join(', ')}`,
  );
});

test('renewalLeadSeconds() takes at most a hundredth of a short life, and nothing when switched off', () => {
  assert(renewalLeadSeconds('uid', 3600, 3600) < 36);
  assert.equal(renewalLeadSeconds('uid', 90 * 86_400, 0), 0);
});
