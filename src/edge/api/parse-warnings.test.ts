import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWarnings } from './parse-warnings.ts';

for (const { header, texts } of [
  { header: '', texts: [] },
  { header: '299 - "one"', texts: ['one'] },
  { header: '299 - "one, and a half", 299 kube "two"', texts: ['one, and a half', 'two'] },
  { header: String.raw`299 - "unknown field \"a\\b\""`, texts: [String.raw`unknown field "a\b"`] },
  { header: '110 - "stale"', texts: [] },
]) {
  test(`parseWarnings() finds ${texts.length} texts in ${header || 'nothing'}`, () => {
    assert.deepEqual(parseWarnings(header), texts);
  });
}
