import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import { lastAppliedAnnotation } from '../annotations.ts';
import type { Secret } from '../secret.ts';
import { secret } from '../test-objects.ts';
import { admitSecret, warnOfSecret } from './secret-admission.ts';
import { validateSecret } from './secret.ts';

const errorsOf = (next: Partial<Secret>, previous?: Partial<Secret>): string[] =>
  validateSecret(secret(next), previous && secret(previous)).map(fieldErrorText);

const immutable = 'Forbidden: field is immutable when `immutable` is set';

const cases: readonly {
  why: string;
  next: Partial<Secret>;
  previous?: Partial<Secret>;
  errors: readonly (string | RegExp)[];
}[] = [
  { why: 'nothing in it', next: {}, errors: [] },
  { why: 'keys of every allowed character', next: { data: { 'a-Z_0.9': '', __proto__2: 'YQ==' } }, errors: [] },
  {
    why: 'a key with a slash',
    next: { data: { 'a/b': '' } },
    errors: [/^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist/],
  },
  {
    why: 'a key that climbs',
    next: { data: { '..': '' } },
    errors: [`data[..]: Invalid value: "..": must not be '..'`],
  },
  {
    why: 'a key that hides',
    next: { data: { '..a': '' } },
    errors: [`data[..a]: Invalid value: "..a": must not start with '..'`],
  },
  {
    why: 'a key of 254 characters',
    next: { data: { ['a'.repeat(254)]: '' } },
    errors: [/must be no more than 253 characters$/],
  },
  {
    why: 'no base64; the value does not show',
    next: { data: { key: 'c2VjcmV0!' } },
    errors: ['data[key]: Invalid value: "key": illegal base64 data at input byte 8'],
  },
  {
    why: 'base64 without padding',
    next: { data: { key: 'YQ' } },
    errors: ['data[key]: Invalid value: "key": illegal base64 data at input byte 2'],
  },
  { why: 'exactly 1 MiB', next: { data: { key: Buffer.alloc(1_048_576).toString('base64') } }, errors: [] },
  {
    why: 'a byte more than 1 MiB',
    next: { data: { key: Buffer.alloc(1_048_577).toString('base64') } },
    errors: ['data: Too long: may not be more than 1048576 bytes'],
  },
  {
    why: 'half a TLS Secret',
    next: { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    errors: ['data[tls.key]: Required value'],
  },
  {
    why: 'a TLS Secret without data',
    next: { type: 'kubernetes.io/tls' },
    errors: ['data[tls.crt]: Required value', 'data[tls.key]: Required value'],
  },
  {
    why: 'empty TLS keys are keys',
    next: { type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } },
    errors: [],
  },
  {
    why: 'basic authentication with one of both',
    next: { type: 'kubernetes.io/basic-auth', data: { username: '' } },
    errors: [],
  },
  {
    why: 'basic authentication without either',
    next: { type: 'kubernetes.io/basic-auth' },
    errors: ['data[username]: Required value', 'data[password]: Required value'],
  },
  {
    why: 'a registry without settings',
    next: { type: 'kubernetes.io/dockerconfigjson' },
    errors: ['data[.dockerconfigjson]: Required value'],
  },
  {
    why: 'registry settings that are no JSON',
    next: { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': 'e30K' } },
    errors: [],
  },
  {
    why: 'registry settings that do not parse',
    next: { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': 'YWJj' } },
    errors: ['data[.dockercfg]: Invalid value: "<secret contents redacted>": is not JSON'],
  },
  { why: 'a type named like a method', next: { type: 'constructor' }, errors: [] },
  {
    why: 'another type',
    next: { type: 'b' },
    previous: { type: 'a' },
    errors: ['type: Invalid value: "b": field is immutable'],
  },
  {
    why: 'an immutable Secret that stays',
    next: { immutable: true, data: { a: 'YQ==' } },
    previous: { immutable: true, data: { a: 'YQ==' } },
    errors: [],
  },
  {
    why: 'an immutable Secret that changes',
    next: { immutable: true, data: {} },
    previous: { immutable: true, data: { a: '' } },
    errors: [`data: ${immutable}`],
  },
  { why: 'immutable taken back', next: {}, previous: { immutable: true }, errors: [`immutable: ${immutable}`] },
  { why: 'immutable set', next: { immutable: true }, previous: {}, errors: [] },
];

for (const { why, next, previous, errors } of cases) {
  test(`validateSecret(): ${why}`, () => {
    const found = errorsOf(next, previous);
    assert.equal(found.length, errors.length, found.join('\n'));
    errors.forEach((wanted, index) => {
      if (typeof wanted === 'string') assert.equal(found[index], wanted);
      else assert.match(found[index]!, wanted);
    });
  });
}

test('admitSecret() folds stringData into data, where it wins', () => {
  const admitted = admitSecret(secret({ data: { a: 'b2xk', b: 'Yg==' }, stringData: { a: 'new', __proto__2: 'ü' } }));
  assert.deepEqual(admitted.data, { a: 'bmV3', b: 'Yg==', __proto__2: 'w7w=' });
  assert.equal('stringData' in admitted, false);
});

test('admitSecret() keeps a key named __proto__ as a key', () => {
  const stringData = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
  assert.deepEqual(Object.keys(admitSecret(secret({ stringData })).data ?? {}), ['__proto__']);
});

test('admitSecret() makes Opaque of no type', () => {
  assert.equal(admitSecret({ ...secret(), type: undefined }).type, 'Opaque');
  assert.equal(admitSecret(secret({ type: '' })).type, 'Opaque');
});

test('admitSecret() puts base64 on one line', () => {
  assert.deepEqual(admitSecret(secret({ data: { a: 'YWJj\r\nZGVm\n' } })).data, { a: 'YWJjZGVm' });
});

test('admitSecret() leaves to the schema what the schema refuses', () => {
  const wrong = { ...secret(), stringData: { a: 1 }, data: 'x' } as unknown as Secret;
  assert.equal(admitSecret(wrong), wrong);
});

const applied = (type: string, copy: string): Secret => {
  const one = secret({ type, data: { 'tls.crt': 'Yw==', 'tls.key': 'aw==' } });
  return { ...one, metadata: { ...one.metadata, annotations: { [lastAppliedAnnotation]: copy, other: 'x' } } };
};
const copy = '{"kind":"Secret","data":{"tls.crt":"Yw==","tls.key":"aw=="},"stringData":{"p":"q"}}';

test('admitSecret() takes the values of a TLS Secret out of the copy that kubectl apply keeps, and leaves the keys', () => {
  const { annotations } = admitSecret(applied('kubernetes.io/tls', copy)).metadata;
  assert.equal(annotations?.['other'], 'x');
  assert.deepEqual(JSON.parse(annotations?.[lastAppliedAnnotation] ?? ''), {
    kind: 'Secret',
    data: { 'tls.crt': '(redacted)', 'tls.key': '(redacted)' },
    stringData: { p: '(redacted)' },
  });
});

test('admitSecret() does not keep a copy it cannot read, and leaves other types alone', () => {
  const broken = admitSecret(applied('kubernetes.io/tls', '{"data":{"tls.key":"aw=="'));
  assert.equal(broken.metadata.annotations?.[lastAppliedAnnotation], '{}\n');
  const opaque = applied('Opaque', copy);
  assert.equal(admitSecret(opaque), opaque);
});

test('admitSecret() is idempotent', () => {
  const once = admitSecret(applied('kubernetes.io/tls', copy));
  assert.deepEqual(admitSecret(once), once);
});

test('warnOfSecret() tells who applies a TLS Secret from the client', () => {
  assert.equal(warnOfSecret(applied('kubernetes.io/tls', copy)).length, 1);
  assert.deepEqual(warnOfSecret(applied('Opaque', copy)), []);
  assert.deepEqual(warnOfSecret(secret({ type: 'kubernetes.io/tls' })), []);
});
