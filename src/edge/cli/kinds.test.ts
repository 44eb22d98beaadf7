import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKind, parseTargets, type ServedKind } from './kinds.ts';

const certificates: ServedKind = {
  group: 'cert-manager.io',
  version: 'v1',
  plural: 'certificates',
  namespaced: true,
  kind: 'Certificate',
  singular: 'certificate',
  shortNames: ['cert', 'certs'],
  categories: ['cert-manager'],
};
const issuers: ServedKind = {
  ...certificates,
  plural: 'issuers',
  kind: 'Issuer',
  singular: 'issuer',
  shortNames: ['iss'],
};
const secrets: ServedKind = {
  ...certificates,
  group: '',
  plural: 'secrets',
  kind: 'Secret',
  singular: 'secret',
  shortNames: [],
  categories: [],
};
const kinds = [secrets, certificates, issuers];

for (const word of [
  'certificates',
  'certificate',
  'cert',
  'certs',
  'Certificate',
  'certificates.cert-manager.io',
  'certificate.cert-manager.io',
]) {
  test(`findKind() knows certificates as ${word}`, () => assert.equal(findKind(kinds, word), certificates));
}

test('findKind() names what there is when a type is unknown', () => {
  assert.throws(() => findKind(kinds, 'pods'), { code: 'not-found', hint: 'It has secrets, certificates, issuers.' });
});

const commandLines: [string[], [string, string[]][], string][] = [
  [['certs'], [['certificates', []]], 'all of a type'],
  [['certs', 'a', 'b'], [['certificates', ['a', 'b']]], 'some of a type'],
  [
    ['certs,secrets'],
    [
      ['certificates', []],
      ['secrets', []],
    ],
    'two types',
  ],
  [
    ['cert/a', 'secret/b'],
    [
      ['certificates', ['a']],
      ['secrets', ['b']],
    ],
    'names with their type',
  ],
  [
    ['cert-manager'],
    [
      ['certificates', []],
      ['issuers', []],
    ],
    'a category',
  ],
];

for (const [args, wanted, why] of commandLines) {
  test(`parseTargets() reads "${args.join(' ')}": ${why}`, () => {
    assert.deepEqual(
      parseTargets(kinds, args).map(({ kind, names }) => [kind.plural, names]),
      wanted,
    );
  });
}

for (const args of [[], ['a/b/c'], ['cert/'], ['cert/a', 'secret']]) {
  test(`parseTargets() refuses "${args.join(' ')}" as wrong usage`, () => {
    assert.throws(() => parseTargets(kinds, args), { name: 'UsageError' });
  });
}
