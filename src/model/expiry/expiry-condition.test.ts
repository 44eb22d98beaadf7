import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryCondition } from './expiry-condition.ts';

const now = new Date('2026-11-22T00:00:00Z');
const year = { subject: 'CN=a', notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const soon = { subject: 'CN=b', notBefore: '2025-12-01T00:00:00Z', notAfter: '2026-12-01T00:00:00Z' };
const past = { subject: 'CN=c', notBefore: '2025-11-01T00:00:00Z', notAfter: '2026-11-01T00:00:00Z' };

test('expiryCondition() is False while nothing is near its end, and says when that changes', () => {
  const { condition, nextChange } = expiryCondition([year], now);
  assert.deepEqual([condition.status, condition.reason], ['False', 'NothingExpires']);
  assert.equal(nextChange?.toISOString(), '2026-12-04T00:00:00.000Z');
});

test('expiryCondition() names the most urgent certificate, and counts the others', () => {
  const { condition, nextChange } = expiryCondition([year, soon, past], now);
  assert.equal(condition.type, 'Expiring');
  assert.equal(condition.status, 'True');
  assert.equal(condition.reason, 'CertificateExpired');
  assert.equal(condition.message, 'CN=c expired 21 days ago, at 2026-11-01T00:00:00Z; 1 more need attention');
  assert.equal(nextChange?.toISOString(), '2026-12-01T00:00:01.000Z');
});

test('expiryCondition() of managed certificates waits for their end', () => {
  assert.equal(expiryCondition([soon], now, { managed: true }).condition.status, 'False');
  assert.equal(expiryCondition([past], now, { managed: true }).condition.reason, 'CertificateExpired');
});

test('expiryCondition() of nothing is False for ever', () => {
  assert.deepEqual(expiryCondition([], now).nextChange, undefined);
});
