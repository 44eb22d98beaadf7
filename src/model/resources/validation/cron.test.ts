import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cron } from 'croner';
import fc from 'fast-check';
import { cronProblem } from './cron.ts';

const good = [
  '* * * * *',
  '0 2 * * 6',
  '*/15 0-6 1,15 jan-mar MON-fri',
  '? ? ? ? ?',
  '@daily',
  '5/10 1 1 1 0',
  '  0 2 * * *  ',
];

for (const line of good) {
  test(`cronProblem() accepts "${line}"`, () => assert.equal(cronProblem(line), undefined));
}

const bad: readonly { line: string; why: RegExp }[] = [
  { line: '', why: /found 0/ },
  { line: '@every 1h', why: /found 2/ },
  { line: '*/60 * * * *', why: /beyond maximum \(59\)/ },
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

/** Texts of one cron field with values from `least` to `most`, some of them wrong. */
const field = (least: number, most: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min: least, max: most }).map(String);
  const range = fc.oneof(
    fc.constantFrom('*', '?'),
    value,
    fc.tuple(value, value).map((ends) => ends.join('-')),
  );
  const stepped = fc.tuple(range, fc.integer({ min: 1, max: 60 })).map(([text, step]) => `${text}/${step}`);
  return fc.array(fc.oneof(range, stepped), { minLength: 1, maxLength: 3 }).map((ranges) => ranges.join(','));
};

test('the clock that reads cron lines can read every line that cronProblem() accepts', () => {
  const line = fc
    .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' '));
  fc.assert(
    fc.property(line, (text) => {
      if (cronProblem(text) === undefined) new Cron(text, { mode: '5-part', sloppyRanges: true, paused: true }).stop();
    }),
    { numRuns: 1000 },
  );
});
