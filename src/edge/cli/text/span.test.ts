import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../failure.ts';
import { parseSpan } from './span.ts';

for (const [text, seconds] of [
  ['30d', 2_592_000],
  ['2w', 1_209_600],
  ['36h', 129_600],
  ['1d12h', 129_600],
  ['90m', 5400],
  ['45s', 45],
  ['1y', 31_536_000],
] as const) {
  test(`parseSpan() reads ${text} as ${seconds} seconds`, () => assert.equal(parseSpan(text), seconds));
}

for (const text of ['', '30', 'd', '-1d', '1.5d', '30 d', '30D', '1234567d']) {
  test(`parseSpan() refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseSpan(text), UsageError));
}
