import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cronProblem } from './cron.ts';

const good = ['* * * * *', '0 2 * * 6', '*/15 0-6 1,15 jan-mar MON-fri', '? ? ? ? ?', '5/10 1 1 1 0', '  0 2 * * *  '];

for (const line of good) {
  test(`cronProblem() accepts "${line}"`, () => assert.equal(cronProblem(line), undefined));
}

const bad: readonly { line: string; why: RegExp }[] = [
  { line: '', why: /found 0/ },
  { line: '@daily', why: /found 1/ },
  { line: '0 2 * *', why: /found 4/ },
  { line: '60 * * * *', why: /end of range \(60\) above maximum \(59\)/ },
  { line: '* 24 * * *', why: /above maximum \(23\)/ },
  { line: '* * 0 * *', why: /beginning of range \(0\) below minimum \(1\)/ },
  { line: '* * * 13 *', why: /above maximum \(12\)/ },
  { line: '* * * * 7', why: /above maximum \(6\)/ },
  { line: '5-1 * * * *', why: /beyond end of range/ },
  { line: '*/0 * * * *', why: /positive number/ },
  { line: '1/2/3 * * * *', why: /too many slashes/ },
  { line: '1-2-3 * * * *', why: /too many hyphens/ },
  { line: 'x * * * *', why: /no minute/ },
  { line: '* * L * *', why: /no day of month/ },
  { line: '1,, * * * *', why: /no minute/ },
];

for (const { line, why } of bad) {
  test(`cronProblem() refuses "${line}"`, () => assert.match(cronProblem(line) ?? '', why));
}

test('cronProblem() answers for any text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (line) => ['string', 'undefined'].includes(typeof cronProblem(line))),
  );
});
