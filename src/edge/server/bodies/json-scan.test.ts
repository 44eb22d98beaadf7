import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { findDuplicateKeys } from './duplicate-keys.ts';
import { countKeys, scanJSON } from './json-scan.ts';

const nesting = 20;

test('scanJSON() counts the keys that parsing keeps, when none is written twice', () => {
  const plainKey = fc.string().filter((key) => key !== '__proto__');
  const value = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(plainKey, tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, fc.boolean(), (value, indented) => {
      const text = JSON.stringify(value, null, indented ? 2 : 0);
      const parsed: unknown = JSON.parse(text);
      assert.equal(scanJSON(Buffer.from(text), nesting).keys, countKeys(parsed));
      assert.deepEqual(findDuplicateKeys(text), []);
    }),
  );
});

test('scanJSON() ends on any bytes, with a count or a bad-request', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        assert.ok(scanJSON(bytes, nesting).keys >= 0);
      } catch (error) {
        assert.ok(isCoded(error, 'bad-request'));
      }
    }),
  );
});

for (const { text, allowed, why } of [
  { text: '['.repeat(20) + ']'.repeat(20), allowed: true, why: 'the limit itself is allowed' },
  { text: '['.repeat(21) + ']'.repeat(21), allowed: false, why: 'one more is not' },
  { text: `{"a":"${'['.repeat(50)}"}`, allowed: true, why: 'brackets in a string nest nothing' },
  { text: String.raw`{"a":"\"${'['.repeat(50)}"}`, allowed: true, why: 'an escaped quote ends no string' },
  { text: '{}'.repeat(50), allowed: true, why: 'what is closed nests no longer' },
]) {
  test(`scanJSON() ${allowed ? 'accepts' : 'refuses'} ${text.slice(0, 12)}…: ${why}`, () => {
    if (allowed) assert.equal(scanJSON(Buffer.from(text), nesting).keys < 2, true);
    else assert.throws(() => scanJSON(Buffer.from(text), nesting), /deeper than 20/);
  });
}

for (const { text, fields } of [
  { text: '{"a":1,"a":2}', fields: ['a'] },
  { text: '{"spec":{"x":1,"y":[{"n":1},{"n":1,"n":2}],"x":2}}', fields: ['spec.y[1].n', 'spec.x'] },
  { text: String.raw`{"a":"}\",\"a\":","\u0061":2}`, fields: ['a'] },
  { text: '{ "a" : { } , "b" : [ ] , "a" : null }', fields: ['a'] },
  { text: '[{"a":1},{"a":1}]', fields: [] },
]) {
  test(`findDuplicateKeys() finds ${JSON.stringify(fields)} in ${text}`, () => {
    assert.deepEqual(findDuplicateKeys(text), fields);
    assert.equal(scanJSON(Buffer.from(text), nesting).keys > countKeys(JSON.parse(text)), fields.length > 0);
  });
}

test('countKeys() refuses a field named __proto__, however it is written', () => {
  for (const text of ['{"__proto__":{}}', String.raw`{"data":{"\u005f_proto__":"x"}}`]) {
    assert.throws(() => countKeys(JSON.parse(text)), /__proto__/);
  }
});
