import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CodedError } from '#errors';
import { compileJsonPath } from './json-path.ts';

const object = {
  metadata: { name: 'x', annotations: { 'cert-manager.io/issuer-name': 'ca', 'a b': 1 } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', count: 3 },
      { type: 'Issuing', status: 'False' },
    ],
    none: null,
  },
  spec: { names: ['a', 'b', 'c'], map: { p: 1, q: 2 } },
};

describe('compileJsonPath()', () => {
  const cases: readonly (readonly [path: string, found: unknown[], why: string])[] = [
    ['.metadata.name', ['x'], 'fields'],
    ['metadata.name', ['x'], 'no leading dot'],
    ['{.metadata.name}', ['x'], 'braces'],
    ['$.metadata.name', ['x'], 'the root sign'],
    ['.metadata.annotations.cert-manager\\.io/issuer-name', ['ca'], 'an escaped dot'],
    [".metadata.annotations['cert-manager.io/issuer-name']", ['ca'], 'a quoted key'],
    ['.metadata.annotations["a b"]', [1], 'a key in double quotes'],
    ['.metadata.missing', [], 'no such field'],
    ['.metadata.name.deeper', [], 'beneath a text'],
    ['.metadata.constructor', [], 'inherited properties are none'],
    ['.status.none', [null], 'null is a value'],
    ['.spec.names[0]', ['a'], 'an index'],
    ['.spec.names[-1]', ['c'], 'an index from the end'],
    ['.spec.names[7]', [], 'beyond the end'],
    ['.spec.names[*]', ['a', 'b', 'c'], 'all items'],
    ['.spec.map.*', [1, 2], 'all values'],
    ['.status.conditions[*].type', ['Ready', 'Issuing'], 'a field of all items'],
    ['.status.conditions[?(@.type=="Ready")].status', ['True'], 'a filter'],
    [".status.conditions[?(@.type=='Issuing')].status", ['False'], 'a filter in single quotes'],
    ['.status.conditions[?(@.type == "Gone")].status', [], 'a filter that nothing passes'],
    ['.status.conditions[?(@.type!="Ready")].type', ['Issuing'], 'unequal'],
    ['.status.conditions[?(@.count>2)].type', ['Ready'], 'greater'],
    ['.status.conditions[?(@.count<=2)].type', [], 'less or equal'],
    ['.status.conditions[?(@.count)].type', ['Ready'], 'presence'],
    ['.spec.names[?(@=="b")]', ['b'], 'the item itself'],
  ];
  for (const [path, found, why] of cases) {
    test(`${path}: ${why}`, () => assert.deepEqual(compileJsonPath(path)(object), found));
  }

  for (const path of ['.a[', '.a[?(@.b==)]', '.a..b', '.a[1:2]', '.a[?(@.b=="c"]', 'a b', '.a[x]']) {
    test(`refuses ${path}`, () => {
      assert.throws(
        () => compileJsonPath(path),
        (error) => error instanceof CodedError && error.code === 'bad-request',
      );
    });
  }

  test('compiles or refuses any text, and then finds values in any object', () => {
    const text = fc
      .array(fc.constantFrom('.', 'a', '[', ']', '*', '?(', ')', '@', '==', '"', "'", '\\', '0', ' ', '{', '}', '$'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.object(), (path, value) => {
        try {
          assert.ok(Array.isArray(compileJsonPath(path)(value)));
        } catch (error) {
          assert.ok(error instanceof CodedError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
