import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expiryState, expiryStates, isAlarming } from './expiry-state.ts';
import type { CertificateLife, ExpiryState } from './expiry-state.ts';
import { longestAlarmDays } from './policy.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3600_000;
const day = 24 * hour;
const after = (milliseconds: number): Date => new Date(start + milliseconds);

interface Case {
  readonly why: string;
  readonly life: CertificateLife;
  readonly at: number;
  readonly state: ExpiryState;
}

const lived = (days: number, more: Partial<CertificateLife> = {}): CertificateLife => ({
  notBefore: after(0),
  notAfter: after(days * day),
  ...more,
});

const cases: readonly Case[] = [
  { why: 'fresh', life: lived(365), at: 0, state: 'ok' },
  { why: 'not begun', life: lived(365), at: -1000, state: 'not-yet-valid' },
  { why: 'of a year: 28 days count, not the quarter', life: lived(365), at: (365 - 29) * day, state: 'ok' },
  { why: 'of a year with 28 days left', life: lived(365), at: (365 - 28) * day, state: 'warning' },
  { why: 'of a year with 14 days left', life: lived(365), at: (365 - 14) * day, state: 'critical' },
  { why: 'in its last second', life: lived(365), at: 365 * day, state: 'critical' },
  { why: 'after its last second', life: lived(365), at: 365 * day + 1000, state: 'expired' },
  { why: 'of 90 days with 23 left: a quarter counts', life: lived(90), at: 67 * day, state: 'ok' },
  { why: 'of 90 days with 22 left', life: lived(90), at: 68 * day, state: 'warning' },
  { why: 'of 90 days with 9 left', life: lived(90), at: 81 * day, state: 'critical' },
  { why: 'of one day, at noon: never alarming all its life', life: lived(1), at: 12 * hour, state: 'ok' },
  { why: 'of one day, 5 hours left', life: lived(1), at: 19 * hour, state: 'warning' },
  { why: 'of one day, 2 hours left', life: lived(1), at: 22 * hour, state: 'critical' },
  { why: 'of a CA with 181 days left', life: lived(3650, { isCA: true }), at: (3650 - 181) * day, state: 'ok' },
  { why: 'of a CA with 180 days left', life: lived(3650, { isCA: true }), at: (3650 - 180) * day, state: 'warning' },
  { why: 'of a CA with 60 days left', life: lived(3650, { isCA: true }), at: (3650 - 60) * day, state: 'critical' },
  { why: 'with an unknown begin: days alone', life: { notAfter: after(28 * day) }, at: 0, state: 'warning' },
  {
    why: 'about to be renewed, however near its end',
    life: lived(365, { renewalTime: after(360 * day) }),
    at: 359 * day,
    state: 'ok',
  },
  {
    why: 'whose renewal is an hour late, near its end',
    life: lived(365, { renewalTime: after(360 * day) }),
    at: 360 * day + hour,
    state: 'critical',
  },
  {
    why: 'whose renewal is late, far from its end',
    life: lived(365, { renewalTime: after(240 * day) }),
    at: 241 * day,
    state: 'due',
  },
  {
    why: 'of an hour whose renewal began just now',
    life: { notBefore: after(0), notAfter: after(hour), renewalTime: after((2 / 3) * hour) },
    at: (2 / 3) * hour + 60_000,
    state: 'ok',
  },
  { why: 'watched elsewhere, near its end', life: lived(365, { managed: true }), at: 364 * day, state: 'ok' },
  { why: 'watched elsewhere, expired', life: lived(365, { managed: true }), at: 366 * day, state: 'expired' },
  { why: 'that ends before it begins', life: lived(-1), at: -hour, state: 'expired' },
  { why: 'that lives a second', life: lived(0), at: 0, state: 'critical' },
];

for (const { why, life, at, state } of cases) {
  test(`expiryState() of a certificate ${why} is ${state}`, () => {
    assert.equal(expiryState(life, after(at)).state, state);
  });
}

test('expiryState() says how many days and what part of its life are left', () => {
  const { daysLeft, fractionLeft } = expiryState(lived(100), after(75 * day));
  assert.deepEqual([daysLeft, fractionLeft], [25, 0.25]);
  assert.deepEqual(expiryState({ notAfter: after(day) }, after(2 * day)).daysLeft, -1);
  assert.equal(expiryState({ notAfter: after(day) }, after(0)).fractionLeft, undefined);
});

const lives = fc
  .record({
    days: fc.integer({ min: 1, max: 4000 }),
    isCA: fc.boolean(),
    managed: fc.boolean(),
    renewed: fc.option(fc.double({ min: 0.1, max: 0.99, noNaN: true }), { nil: undefined }),
  })
  .map(({ days, renewed, ...rest }) => {
    const renewalTime = renewed === undefined ? undefined : after(Math.floor(renewed * days * day));
    return lived(days, { ...rest, renewalTime });
  });

test('a state holds from its beginning until the next change, and gets worse then', () => {
  fc.assert(
    fc.property(lives, fc.integer({ min: -10 * day, max: 4010 * day }), (life, at) => {
      const verdict = expiryState(life, after(at));
      if (verdict.since !== undefined) assert.equal(expiryState(life, verdict.since).state, verdict.state);
      if (verdict.nextChange === undefined) return assert.equal(verdict.state, 'expired');
      assert(verdict.nextChange > after(at));
      const before = expiryState(life, new Date(verdict.nextChange.getTime() - 1));
      assert.equal(before.state, verdict.state);
      const next = expiryState(life, verdict.nextChange);
      assert.equal(next.since?.getTime(), verdict.nextChange.getTime());
      if (verdict.state !== 'not-yet-valid')
        assert(expiryStates.indexOf(next.state) > expiryStates.indexOf(verdict.state));
    }),
  );
});

test('no certificate alarms anybody longer than longestAlarmDays before its end, unless its renewal is late', () => {
  fc.assert(
    fc.property(lives, fc.integer({ min: 0, max: 4000 * day }), (life, at) => {
      const { state, daysLeft } = expiryState(life, after(at));
      if (isAlarming(state) && state !== 'due') assert(daysLeft <= longestAlarmDays);
    }),
  );
});
