import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noneFound, parseTargets } from './targets.ts';
import { certificates, issuers, secrets } from './test-kinds.ts';

const kinds = [secrets, certificates, issuers];

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
  [['cert/a', 'cert/b'], [['certificates', ['a', 'b']]], 'names of one type are one target'],
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

test('noneFound() names the namespace where there is one', () => {
  assert.equal(noneFound('apic', [secrets]), 'No resources found in apic namespace.\n');
  assert.equal(noneFound(undefined, [secrets]), 'No resources found\n');
  assert.equal(noneFound('apic', [{ ...issuers, namespaced: false }]), 'No resources found\n');
});
