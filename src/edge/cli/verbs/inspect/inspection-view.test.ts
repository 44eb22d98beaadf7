import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspection } from '#pki/inspect';
import { formatInspection } from './inspection-view.ts';

const io = { isTerminal: false, env: {}, now: () => new Date('2026-01-01T00:00:00Z') };
const nothing: Inspection = {
  sources: [{ name: 'a.pem', format: 'PEM', locked: false }],
  items: [],
  chains: [],
  warnings: [],
};

test('formatInspection() says so when nothing is wrong', () => {
  assert.equal(formatInspection(io, nothing), 'a.pem   PEM\n\nNothing wrong found.\n');
});

test('formatInspection() of a locked source asks for the password and does not call it sound', () => {
  const text = formatInspection(io, { ...nothing, sources: [{ name: 'a.p12', format: 'PKCS12', locked: true }] });
  assert.match(text, /^a\.p12 +PKCS#12 +locked: give its password with --password-file FILE/);
  assert.match(text, /Nothing wrong found in what needs no password\.\n$/);
});

test('formatInspection() lists what is wrong with its severity, its item and its code', () => {
  const text = formatInspection(io, {
    ...nothing,
    items: [{ type: 'key', source: 'a.pem', place: 'line 1', algorithm: 'RSA 2048', locked: false, matches: [] }],
    warnings: [{ code: 'key-without-certificate', severity: 'warning', message: 'has no certificate', item: 0 }],
  });
  assert.match(
    text,
    /\[0\] Private key {2}\(a\.pem, line 1\)\n {2}Algorithm: +RSA 2048\n {2}Belongs to: +nothing here\n/,
  );
  assert.match(text, /Remarks\n {2}warning +\[0\] +has no certificate \(key-without-certificate\)\n$/);
});
