import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint } from './io.ts';

const red = '\u001b[31mx\u001b[39m';
const cases: [boolean, Record<string, string>, string, string][] = [
  [true, {}, red, 'a person watches'],
  [false, {}, 'x', 'nobody watches'],
  [true, { NO_COLOR: '1' }, 'x', 'no colours are wanted'],
  [true, { NO_COLOR: '' }, red, 'an empty NO_COLOR counts as none'],
  [true, { TERM: 'dumb' }, 'x', 'the terminal knows no colours'],
];

for (const [isTerminal, env, text, why] of cases) {
  test(`paint() gives ${JSON.stringify(text)}: ${why}`, () =>
    assert.equal(paint({ isTerminal, env }, 'red', 'x'), text));
}
