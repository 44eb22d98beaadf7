import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { formatGoDuration, parseGoDuration, sameGoDuration } from './go-duration.ts';

const texts: readonly { text: string; milliseconds: number; canonical: string }[] = [
  { text: '2160h', milliseconds: 7_776_000_000, canonical: '2160h0m0s' },
  { text: '15m', milliseconds: 900_000, canonical: '15m0s' },
  { text: '1h30m', milliseconds: 5_400_000, canonical: '1h30m0s' },
  { text: '90s', milliseconds: 90_000, canonical: '1m30s' },
  { text: '1.5h', milliseconds: 5_400_000, canonical: '1h30m0s' },
  { text: '.5s', milliseconds: 500, canonical: '500ms' },
  { text: '1.s', milliseconds: 1000, canonical: '1s' },
  { text: '1s500ms', milliseconds: 1500, canonical: '1.5s' },
  { text: '-1m', milliseconds: -60_000, canonical: '-1m0s' },
  { text: '+1m', milliseconds: 60_000, canonical: '1m0s' },
  { text: '0', milliseconds: 0, canonical: '0s' },
  { text: '-0', milliseconds: 0, canonical: '0s' },
  { text: '3us', milliseconds: 0.003, canonical: '3µs' },
  { text: '1ns', milliseconds: 0.000_001, canonical: '1ns' },
  { text: '2562047h47m16s', milliseconds: 9_223_372_036_000, canonical: '2562047h47m16s' },
];

for (const { text, milliseconds, canonical } of texts) {
  test(`parseGoDuration() reads ${text}`, () => assert.equal(parseGoDuration(text), milliseconds));
  test(`formatGoDuration() writes ${text} as ${canonical}`, () =>
    assert.equal(formatGoDuration(milliseconds), canonical));
}

const refused: readonly { text: string; message: string }[] = [
  { text: '', message: 'time: invalid duration ""' },
  { text: '90d', message: 'time: unknown unit "d" in duration "90d"' },
  { text: '10', message: 'time: missing unit in duration "10"' },
  { text: '1h 30m', message: 'time: unknown unit "h " in duration "1h 30m"' },
  { text: '.h', message: 'time: invalid duration ".h"' },
  { text: 'h', message: 'time: invalid duration "h"' },
  { text: '--1h', message: 'time: invalid duration "--1h"' },
  { text: '2562048h', message: 'time: invalid duration "2562048h"' },
  { text: '1constructor', message: 'time: unknown unit "constructor" in duration "1constructor"' },
];

for (const { text, message } of refused) {
  test(`parseGoDuration() refuses "${text}" as Go does`, () => {
    assert.throws(
      () => parseGoDuration(text),
      (error) => isCoded(error, 'bad-request') && error.message === message,
    );
  });
}

test('whole seconds survive formatGoDuration() and parseGoDuration()', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), (seconds) => {
      assert.equal(parseGoDuration(formatGoDuration(seconds * 1000)), seconds * 1000 + 0);
    }),
  );
});

test('formatGoDuration() is canonical: reading and writing it again changes nothing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (milliseconds) => {
      const text = formatGoDuration(milliseconds);
      assert.equal(formatGoDuration(parseGoDuration(text)), text);
    }),
  );
});

test('parseGoDuration() answers any text with a number or a coded error', () => {
  const characters = fc.constantFrom(...'0123456789.hmsnuµ-+ xd'.split(''));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: characters })), (text) => {
      try {
        assert.equal(Number.isFinite(parseGoDuration(text)), true);
      } catch (error) {
        assert.equal(isCoded(error, 'bad-request'), true);
      }
    }),
  );
});

test('sameGoDuration() compares lengths, not texts', () => {
  assert.equal(sameGoDuration('1h', '60m0s'), true);
  assert.equal(sameGoDuration('1h', '61m'), false);
  assert.equal(sameGoDuration(undefined, '1h'), false);
  assert.equal(sameGoDuration(undefined, undefined), true);
  assert.equal(sameGoDuration('90d', '90d'), true);
  assert.equal(sameGoDuration('90d', '2160h'), false);
});
