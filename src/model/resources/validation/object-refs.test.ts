import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import { systemNamespace } from '../system.ts';
import { validateProfileRef, validateRef, validateSecretRef } from './object-refs.ts';

const team = { namespace: 'team' };
const system = { namespace: systemNamespace };
const reach = 'ref.namespace: Forbidden: an object can name only what is in its own namespace (team)';
const mend = '; leave the namespace out';

for (const { why, errors, wanted } of [
  { why: 'nothing is named', errors: validateRef(team, undefined, 'ref'), wanted: [] },
  { why: 'the own namespace', errors: validateRef(team, { name: 'a', namespace: 'team' }, 'ref'), wanted: [] },
  { why: 'no namespace', errors: validateRef(team, { name: 'a' }, 'ref'), wanted: [] },
  {
    why: 'a foreign namespace',
    errors: validateRef(team, { name: 'a', namespace: 'other' }, 'ref'),
    wanted: [`${reach}${mend}`],
  },
  {
    why: 'a store of the installation',
    errors: validateRef(team, { name: 'a', namespace: systemNamespace }, 'ref'),
    wanted: [`${reach}${mend}`],
  },
  {
    why: 'a profile of the installation',
    errors: validateProfileRef(team, { name: 'a', namespace: systemNamespace }, 'ref'),
    wanted: [],
  },
  {
    why: 'a profile of others',
    errors: validateProfileRef(team, { name: 'a', namespace: 'other' }, 'ref'),
    wanted: [`${reach} or chancery-system${mend}`],
  },
  {
    why: 'the installation names what is anywhere',
    errors: validateRef(system, { name: 'a', namespace: 'other' }, 'ref'),
    wanted: [],
  },
  {
    why: 'an empty name',
    errors: validateRef(team, { name: '' }, 'ref'),
    wanted: ['ref.name: Required value: must be specified'],
  },
  { why: 'a key', errors: validateSecretRef(team, { name: 'a', key: 'store.p12' }, 'ref'), wanted: [] },
]) {
  test(`a reference: ${why}`, () => assert.deepEqual(errors.map(fieldErrorText), wanted));
}

test('a reference names its broken parts', () => {
  const fields = validateSecretRef(team, { name: 'A b', namespace: '-', key: '../x' }, 'ref').map(({ field }) => field);
  assert.deepEqual(new Set(fields), new Set(['ref.name', 'ref.namespace', 'ref.key']));
});
