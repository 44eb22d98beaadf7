import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { ConfigMap } from '../config-map.ts';
import { configMap } from '../test-objects.ts';
import { validateConfigMap } from './config-map.ts';

const big = 'ü'.repeat(524_288);
const immutable = 'Forbidden: field is immutable when `immutable` is set';

const cases: readonly {
  why: string;
  next: Partial<ConfigMap>;
  previous?: Partial<ConfigMap>;
  errors: readonly string[];
}[] = [
  { why: 'nothing in it', next: {}, errors: [] },
  { why: 'exactly 1 MiB, counted in bytes', next: { data: { a: big } }, errors: [] },
  {
    why: 'more than 1 MiB in both together',
    next: { data: { a: big }, binaryData: { b: 'YQ==' } },
    errors: [': Too long: may not be more than 1048576 bytes'],
  },
  {
    why: 'one key in both',
    next: { data: { a: '' }, binaryData: { a: '' } },
    errors: ['binaryData[a]: Invalid value: "a": duplicate of key present in data'],
  },
  {
    why: 'no base64',
    next: { binaryData: { a: '*' } },
    errors: ['binaryData[a]: Invalid value: "a": illegal base64 data at input byte 0'],
  },
  {
    why: 'an immutable one that changes',
    next: { immutable: true, data: { a: 'x' } },
    previous: { immutable: true },
    errors: [`data: ${immutable}`],
  },
  {
    why: 'an immutable one that stays',
    next: { immutable: true, data: {} },
    previous: { immutable: true },
    errors: [],
  },
];

for (const { why, next, previous, errors } of cases) {
  test(`validateConfigMap(): ${why}`, () => {
    assert.deepEqual(validateConfigMap(configMap(next), previous && configMap(previous)).map(fieldErrorText), errors);
  });
}
