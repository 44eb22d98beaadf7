import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CodedError, type ErrorCode } from '#errors';
import type { Json } from '../object.ts';
import { applyJsonPatch } from './json-patch.ts';

describe('applyJsonPatch() (RFC 6902, appendix A)', () => {
  const cases: readonly (readonly [why: string, document: Json, patch: Json[], result: Json])[] = [
    ['A.1 adds a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    [
      'A.2 adds an element',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    ['A.3 removes a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4 removes an element', { foo: ['a', 'b', 'c'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['a', 'c'] }],
    ['A.5 replaces a value', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    [
      'A.6 moves a value',
      { foo: { bar: 1 }, qux: {} },
      [{ op: 'move', from: '/foo/bar', path: '/qux/thud' }],
      { foo: {}, qux: { thud: 1 } },
    ],
    [
      'A.7 moves an element',
      { foo: ['a', 'b', 'c'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/2' }],
      { foo: ['a', 'c', 'b'] },
    ],
    [
      'A.8 tests a value',
      { baz: 'qux', foo: ['a', 2] },
      [{ op: 'test', path: '/foo/1', value: 2 }],
      { baz: 'qux', foo: ['a', 2] },
    ],
    [
      'A.10 adds a nested object',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { g: {} } }],
      { foo: 'bar', child: { g: {} } },
    ],
    [
      'A.11 ignores unknown members',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 1, xyz: 1 }],
      { foo: 'bar', baz: 1 },
    ],
    ['A.14 unescapes ~01', { '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '~1': 10 }],
    ['A.16 appends an array', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['a'] }], { foo: ['bar', ['a']] }],
    [
      'copies by value',
      { a: { b: 1 } },
      [
        { op: 'copy', from: '/a', path: '/c' },
        { op: 'add', path: '/c/b', value: 2 },
      ],
      { a: { b: 1 }, c: { b: 2 } },
    ],
    ['replaces the whole document', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['reads slashes in keys', { m: { 'a/b': 1 } }, [{ op: 'remove', path: '/m/a~1b' }], { m: {} }],
  ];
  for (const [why, document, patch, result] of cases) {
    test(why, () => {
      const before = structuredClone(document);
      assert.deepEqual(applyJsonPatch(document, patch), result);
      assert.deepEqual(document, before, 'the document must not change');
    });
  }
});

describe('applyJsonPatch() refuses', () => {
  const cases: readonly (readonly [why: string, patch: Json[], code: ErrorCode, message: string])[] = [
    ['a failing test', [{ op: 'test', path: '/a', value: 2 }], 'invalid', 'testing value /a failed'],
    ['to remove what is not there', [{ op: 'remove', path: '/z' }], 'invalid', 'Unable to remove nonexistent key: z'],
    ['to replace what is not there', [{ op: 'replace', path: '/z', value: 1 }], 'invalid', 'doc is missing key: /z'],
    ['to add beneath nothing', [{ op: 'add', path: '/z/y', value: 1 }], 'invalid', 'doc is missing path: /z/y'],
    ['to add beyond the end of a list', [{ op: 'add', path: '/l/3', value: 1 }], 'invalid', 'invalid index "3"'],
    ['an index with a leading zero', [{ op: 'remove', path: '/l/00' }], 'invalid', 'nonexistent key: 00'],
    ['a negative index', [{ op: 'remove', path: '/l/-1' }], 'invalid', 'nonexistent key: -1'],
    ['to remove the document', [{ op: 'remove', path: '' }], 'invalid', 'cannot be removed'],
    ['to move a value into itself', [{ op: 'move', from: '/o', path: '/o/x' }], 'invalid', 'into itself'],
    ['to copy from nowhere', [{ op: 'copy', from: '/z', path: '/y' }], 'invalid', 'missing from path'],
    ['to reach into a prototype', [{ op: 'remove', path: '/__proto__/toString' }], 'invalid', 'doc is missing path'],
    ['an unknown operation', [{ op: 'merge', path: '/a' }], 'bad-request', 'unexpected kind: "merge"'],
    ['an operation that is no object', ['add'], 'bad-request', 'operation 0'],
    ['a path without a slash', [{ op: 'remove', path: 'a' }], 'bad-request', 'path must be a JSON pointer'],
    ['a bad escape', [{ op: 'remove', path: '/a~2' }], 'bad-request', 'path must be a JSON pointer'],
    ['a missing value', [{ op: 'add', path: '/a' }], 'bad-request', 'missing its value'],
    ['a missing from', [{ op: 'copy', path: '/a' }], 'bad-request', 'from must be a JSON pointer'],
    [
      'more than 10,000 operations',
      Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/a' })),
      'too-large',
      '10001',
    ],
    [
      'copies that double a value again and again',
      Array.from({ length: 60 }, () => ({ op: 'copy', from: '/o', path: '/o/-' })).flatMap((copy, index) => [
        copy,
        { op: 'copy', from: '/o', path: `/o${index}` },
      ]),
      'too-large',
      '3 MiB',
    ],
  ];
  for (const [why, patch, code, message] of cases) {
    test(why, () => {
      const document = { a: 1, l: [0], o: code === 'too-large' ? ['x'.repeat(1000)] : {} };
      const fails = (error: unknown) =>
        error instanceof CodedError && error.code === code && error.message.includes(message);
      assert.throws(() => applyJsonPatch(document, patch), fails);
    });
  }
});

function nested(depth: number): Json {
  return JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as Json;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'too-large';
}

function refuses(document: Json, patch: Json[]): void {
  assert.throws(() => applyJsonPatch(document, patch), isTooLarge);
}

describe('applyJsonPatch() limits', () => {
  test('values deeper than 200 levels, wherever they come from', () => {
    refuses({}, [{ op: 'add', path: '/x', value: nested(20_000) }]);
    refuses({ x: 1 }, [{ op: 'replace', path: '/x', value: nested(200) }]);
    refuses(nested(150), [
      { op: 'copy', from: '/a', path: '/a/a/b' },
      { op: 'copy', from: '', path: `${'/a'.repeat(100)}/c` },
    ]);
    refuses({ a: nested(100), b: nested(150) }, [{ op: 'move', from: '/b', path: `/a${'/a'.repeat(90)}/c` }]);
  });

  test('many insertions at the head of a long list', () => {
    const patch = Array.from({ length: 1000 }, () => ({ op: 'add', path: '/l/0', value: 1 }));
    refuses({ l: Array.from({ length: 100_000 }, () => 0) }, patch);
  });
});

describe('applyJsonPatch() in general', () => {
  const pointer = fc
    .array(fc.constantFrom('a', 'b', '0', '-', '', '~0', '__proto__'), { maxLength: 4 })
    .map((tokens) => tokens.map((token) => `/${token}`).join(''));
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', '?'),
    path: pointer,
    from: pointer,
    value: fc.jsonValue(),
  });

  test('answers or fails with a code, and never changes the document', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(operation, { maxLength: 6 }), (document, patch) => {
        const before = JSON.stringify(document);
        try {
          applyJsonPatch(document, patch);
        } catch (error) {
          assert.ok(error instanceof CodedError, String(error));
        }
        assert.equal(JSON.stringify(document), before);
      }),
      { numRuns: 500 },
    );
    assert.equal(({} as { a?: unknown }).a, undefined, 'no prototype was changed');
  });

  test('adding and removing is the identity', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.jsonValue(), (document, key, value) => {
        fc.pre(!Object.hasOwn(document, key));
        const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const patch = [
          { op: 'add', path, value },
          { op: 'test', path, value },
          { op: 'remove', path },
        ];
        const result = applyJsonPatch(document, patch);
        assert.equal(JSON.stringify(result), JSON.stringify(document));
      }),
    );
  });
});
