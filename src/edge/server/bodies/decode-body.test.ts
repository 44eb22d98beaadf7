import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import type { ErrorCode } from '#errors';
import { decodeAs, decodeObject } from './decode-body.ts';

const limits = { nesting: 50, yamlBytes: 1000 };

for (const { type, body, code, why } of [
  { type: 'text/plain', body: '{}', code: 'unsupported-media-type', why: 'no object travels as plain text' },
  { type: 'application/cbor', body: '{}', code: 'unsupported-media-type', why: 'CBOR is not read here' },
  { type: 'application/json', body: '{"a":', code: 'bad-request', why: 'the text ends too early' },
  { type: 'application/json', body: '{"a":"\xff"}', code: 'bad-request', why: 'the text is not UTF-8' },
  { type: 'application/json', body: '['.repeat(60), code: 'bad-request', why: 'it nests too deep' },
  { type: 'application/json', body: '{"__proto__":1}', code: 'bad-request', why: 'a field has an unsafe name' },
  { type: 'application/yaml', body: 'a: 1\na: 2', code: 'bad-request', why: 'YAML forbids equal keys' },
  { type: 'application/yaml', body: 'a: [', code: 'bad-request', why: 'a bracket stays open' },
  { type: 'application/yaml', body: `a: ${'x'.repeat(1000)}`, code: 'too-large', why: 'YAML has a limit of its own' },
  {
    type: 'application/yaml',
    body: `a: ${'['.repeat(60)}${']'.repeat(60)}`,
    code: 'bad-request',
    why: 'YAML nests too',
  },
  { type: 'application/vnd.kubernetes.protobuf', body: 'k8s', code: 'bad-request', why: 'the prefix is cut' },
  { type: 'application/vnd.kubernetes.protobuf', body: 'k8s\0', code: 'unsupported-media-type', why: 'it has no kind' },
] satisfies { type: string; body: string; code: ErrorCode; why: string }[]) {
  test(`decodeObject() refuses ${type} with ${code} when ${why}`, () => {
    assert.throws(
      () => decodeObject(Buffer.from(body, 'latin1'), type, limits),
      (error) => isCoded(error, code),
    );
  });
}

test('decodeObject() refuses YAML aliases that unfold beyond measure', () => {
  const body = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c,*c]',
  ];
  assert.throws(
    () => decodeObject(Buffer.from(body.join('\n')), 'application/yaml', limits),
    (error) => isCoded(error, 'bad-request'),
  );
});

test('decodeObject() takes JSON for granted when no content type is given', () => {
  assert.deepEqual(decodeObject(Buffer.from('{"a":1}'), undefined, limits), { value: { a: 1 }, duplicates: [] });
});

test('decodeObject() names duplicate keys and keeps the last value, also in JSON that is called YAML', () => {
  for (const type of ['application/json; charset=utf-8', 'application/yaml']) {
    const { value, duplicates } = decodeObject(Buffer.from(' {"spec":{"a":1,"a":2}}'), type, limits);
    assert.deepEqual({ value, duplicates }, { value: { spec: { a: 2 } }, duplicates: ['spec.a'] });
  }
});

test('every decoder answers any bytes with a value or a coded error', () => {
  const encoding = fc.constantFrom('json' as const, 'yaml' as const, 'protobuf' as const);
  const prefix = fc.constantFrom('', 'k8s\0', '{"a":', 'a: ', 'k8s\0\n\x0e\n\x02v1\x12\x06Secret\x12');
  fc.assert(
    fc.property(encoding, prefix, fc.uint8Array({ maxLength: 200 }), (encoding, prefix, bytes) => {
      try {
        decodeAs(encoding, Buffer.concat([Buffer.from(prefix, 'latin1'), bytes]), limits);
      } catch (error) {
        assert.ok(isCoded(error), String(error));
      }
    }),
    { numRuns: 500 },
  );
});
