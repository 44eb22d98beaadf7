import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Condition, KubeObject, ManagedFieldsEntry } from '../object.ts';
import { isConditionTrue, removeCondition, setCondition } from './conditions.ts';
import { cloneJson, deepEqual, equalIgnoringManagedFieldTimes } from './json-values.ts';
import { controllerOf, isOwnedBy, ownerReferenceTo } from './owners.ts';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';

describe('JSON values', () => {
  test('cloneJson() copies everything and shares nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = cloneJson(value);
        assert.equal(JSON.stringify(copy), JSON.stringify(value));
        assert.ok(deepEqual(copy, value));
        if (typeof value === 'object' && value !== null) assert.notEqual(copy, value);
      }),
    );
  });

  test('deepEqual() agrees with the JSON text when keys are in the same order', () => {
    const small = fc.jsonValue({ maxDepth: 2 });
    fc.assert(fc.property(small, small, (a, b) => assert.equal(deepEqual(a, b), canonical(a) === canonical(b))));
  });

  const equal: readonly (readonly [left: unknown, right: unknown, same: boolean, why: string])[] = [
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true, 'key order does not count'],
    [{ a: undefined }, {}, true, 'undefined is absent'],
    [{ a: undefined }, { b: undefined }, true, 'whatever it is called'],
    [{ a: undefined }, { b: 1 }, false, 'unlike a value'],
    [{ a: null }, {}, false, 'null is a value'],
    [[], {}, false, 'a list is no map'],
    [{}, { toString: undefined }, true, 'inherited properties are none'],
    [{ toString: 1 }, {}, false, 'own ones are'],
    [[1, 2], [2, 1], false, 'order of items counts'],
  ];
  for (const [left, right, same, why] of equal) {
    test(`deepEqual(): ${why}`, () => assert.equal(deepEqual(left, right), same));
  }
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : Object.is(child, -0)
        ? 0
        : child,
  );
}

function entry(time: string, manager = 'm'): ManagedFieldsEntry {
  return { manager, operation: 'Update', time, fieldsType: 'FieldsV1', fieldsV1: {} };
}

describe('equalIgnoringManagedFieldTimes()', () => {
  const object = (change: object, rest: object = {}): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'T',
      metadata: { name: 'x', resourceVersion: '1', managedFields: [entry('1')], ...change },
      ...rest,
    }) as KubeObject;
  const cases: readonly (readonly [why: string, other: KubeObject, same: boolean])[] = [
    ['the same', object({}), true],
    ['another time', object({ managedFields: [entry('2')] }), true],
    ['another revision', object({ resourceVersion: '2' }), true],
    ['another manager', object({ managedFields: [entry('1', 'n')] }), false],
    ['another label', object({ labels: { a: 'b' } }), false],
    ['another spec', object({}, { spec: {} }), false],
  ];
  for (const [why, other, same] of cases) {
    test(`${why}: ${same}`, () => {
      assert.equal(equalIgnoringManagedFieldTimes(object({}), other), same);
      assert.equal(equalIgnoringManagedFieldTimes(other, object({})), same);
    });
  }
});

describe('setCondition()', () => {
  const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
  const ready = setCondition(undefined, { type: 'Ready', status: 'False', reason: 'A', message: 'a' }, early);

  test('adds a condition with the time of now', () => {
    assert.deepEqual(ready, [
      { type: 'Ready', status: 'False', reason: 'A', message: 'a', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ]);
  });

  test('keeps the time while the status stays, and takes reason, message and generation', () => {
    const next = setCondition(
      ready,
      { type: 'Ready', status: 'False', reason: 'B', message: 'b', observedGeneration: 2 },
      late,
    );
    assert.deepEqual(next, [
      {
        type: 'Ready',
        status: 'False',
        reason: 'B',
        message: 'b',
        observedGeneration: 2,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ]);
  });

  test('takes the time of now when the status changes, and keeps the place in the list', () => {
    const two = setCondition(ready, { type: 'Issuing', status: 'True' }, early);
    const next = setCondition(two, { type: 'Ready', status: 'True' }, late);
    assert.deepEqual(
      next.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
      [
        ['Ready', '2026-01-02T00:00:00Z'],
        ['Issuing', '2026-01-01T00:00:00Z'],
      ],
    );
    assert.ok(isConditionTrue(next, 'Ready'));
  });

  test('answers the same list when nothing differs, as does removing what is not there', () => {
    assert.equal(setCondition(ready, { type: 'Ready', status: 'False', reason: 'A', message: 'a' }, late), ready);
    assert.equal(removeCondition(ready, 'Issuing'), ready);
    assert.deepEqual(removeCondition(ready as Condition[], 'Ready'), []);
  });
});

describe('owners', () => {
  const owner = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', uid: 'u' } } as KubeObject;
  const owned = {
    metadata: {
      ownerReferences: [ownerReferenceTo(owner), { ...ownerReferenceTo(owner), uid: 'v', controller: false }],
    },
  };

  test('controllerOf() and isOwnedBy() go by controller and uid', () => {
    assert.equal(controllerOf(owned)?.uid, 'u');
    assert.equal(isOwnedBy(owned, owner, true), true);
    assert.equal(isOwnedBy(owned, { metadata: { uid: 'v' } }), true);
    assert.equal(isOwnedBy(owned, { metadata: { uid: 'v' } }, true), false);
    assert.equal(isOwnedBy({ metadata: {} }, owner), false);
  });
});

describe('timestamps', () => {
  test('have whole seconds, cut off', () =>
    assert.equal(formatTimestamp(new Date('2026-01-01T00:00:00.999Z')), '2026-01-01T00:00:00Z'));

  const cases: readonly (readonly [text: string, time: string | undefined])[] = [
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01t00:00:00.5z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00.000Z'],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-01', undefined],
    ['1', undefined],
  ];
  for (const [text, time] of cases) {
    test(`parseTimestamp(${text})`, () => assert.equal(parseTimestamp(text)?.toISOString(), time));
  }
});
