import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '#errors';
import type { Json } from '../object.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

const meta = (metadata: Json): Json => ({ metadata });
const owner = (uid: string, name = uid): Json => ({ uid, name });

describe('applyStrategicMergePatch()', () => {
  const cases: readonly (readonly [why: string, target: Json, patch: Json, result: Json])[] = [
    [
      'merges maps and removes nulls',
      { data: { a: '1', b: '2' } },
      { data: { a: null, c: '3' } },
      { data: { b: '2', c: '3' } },
    ],
    ['replaces lists without a rule', { subsets: [1, 2] }, { subsets: [3] }, { subsets: [3] }],
    [
      'adds finalizers',
      meta({ finalizers: ['a'] }),
      meta({ finalizers: ['b', 'a'] }),
      meta({ finalizers: ['a', 'b'] }),
    ],
    [
      'removes finalizers',
      meta({ finalizers: ['a', 'b'] }),
      meta({ '$deleteFromPrimitiveList/finalizers': ['a'] }),
      meta({ finalizers: ['b'] }),
    ],
    [
      'ignores a removal from a list that is not there',
      meta({}),
      meta({ '$deleteFromPrimitiveList/finalizers': ['a'] }),
      meta({}),
    ],
    [
      'orders finalizers',
      meta({ finalizers: ['a', 'x', 'b'] }),
      meta({ '$setElementOrder/finalizers': ['b', 'a'] }),
      meta({ finalizers: ['x', 'b', 'a'] }),
    ],
    [
      'merges owners by uid',
      meta({ ownerReferences: [owner('1'), owner('2')] }),
      meta({ ownerReferences: [{ uid: '2', name: 'new' }, owner('3')] }),
      meta({ ownerReferences: [owner('1'), owner('2', 'new'), owner('3')] }),
    ],
    [
      'removes an owner',
      meta({ ownerReferences: [owner('1'), owner('2')] }),
      meta({ ownerReferences: [{ $patch: 'delete', uid: '1' }] }),
      meta({ ownerReferences: [owner('2')] }),
    ],
    [
      'replaces a list',
      meta({ ownerReferences: [owner('1')] }),
      meta({ ownerReferences: [{ $patch: 'replace' }, owner('9')] }),
      meta({ ownerReferences: [owner('9')] }),
    ],
    [
      'orders owners',
      meta({ ownerReferences: [owner('1'), owner('2')] }),
      meta({ '$setElementOrder/ownerReferences': [{ uid: '2' }, { uid: '1' }] }),
      meta({ ownerReferences: [owner('2'), owner('1')] }),
    ],
    ['replaces a map', { data: { a: '1' } }, { data: { $patch: 'replace', b: '2' } }, { data: { b: '2' } }],
    ['empties a map', { data: { a: '1' } }, { data: { $patch: 'delete' } }, { data: {} }],
    [
      'retains keys only',
      { strategy: { type: 'A', rolling: 1 } },
      { strategy: { $retainKeys: ['type'], type: 'B' } },
      { strategy: { type: 'B' } },
    ],
    [
      'stores new maps without directives and nulls',
      {},
      { data: { $patch: 'merge', a: null, b: '1' } },
      { data: { b: '1' } },
    ],
    [
      'merges conditions by type',
      { status: { conditions: [{ type: 'A', status: 'True' }] } },
      { status: { conditions: [{ type: 'A', status: 'False' }] } },
      { status: { conditions: [{ type: 'A', status: 'False' }] } },
    ],
  ];
  for (const [why, target, patch, result] of cases) {
    test(why, () => {
      const before = structuredClone(target);
      assert.deepEqual(applyStrategicMergePatch(target, patch), result);
      assert.deepEqual(target, before);
    });
  }

  const refused: readonly (readonly [why: string, patch: Json])[] = [
    ['an unknown $patch', { data: { $patch: 'other' } }],
    ['an item without its key', meta({ ownerReferences: [{ name: 'x' }] })],
    ['a directive that is no list', meta({ '$deleteFromPrimitiveList/finalizers': 'a' })],
    ['a patch that is no object', ['x']],
  ];
  for (const [why, patch] of refused) {
    test(`refuses ${why}`, () => {
      const target = { data: {}, metadata: { ownerReferences: [owner('1')] } };
      assert.throws(
        () => applyStrategicMergePatch(target, patch),
        (error) => error instanceof CodedError && error.code === 'bad-request',
      );
    });
  }
});
