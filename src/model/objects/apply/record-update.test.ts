import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject, ManagedFieldsEntry } from '../object.ts';
import { applied, draft, ownersOf, updated } from './test-objects.ts';

describe('recordUpdate()', () => {
  const created = updated(undefined, draft({ labels: { a: 'b' }, spec: { secretName: 's', usages: ['x'] } }), {
    manager: 'm',
    minute: 1,
  });

  test('gives a new object to its creator, containers included, identity left out', () => {
    assert.deepEqual(created.metadata.managedFields, [
      {
        manager: 'm',
        operation: 'Update',
        apiVersion: 'test.io/v1',
        time: '2026-01-01T00:01:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
          'f:spec': { '.': {}, 'f:secretName': {}, 'f:usages': { '.': {}, 'v:"x"': {} } },
        },
      },
    ]);
  });

  test('answers the very entries of the live object when nothing changed', () => {
    const copy = structuredClone(created);
    assert.equal(updated(created, copy, { manager: 'm' }).metadata.managedFields, created.metadata.managedFields);
  });

  test('moves a changed field to its writer, and removes those that are gone', () => {
    const next = draft({ spec: { secretName: 'other', usages: ['x'] } });
    assert.deepEqual(ownersOf(updated(created, next, { manager: 'n' })), {
      'm/Update': { 'f:spec': { '.': {}, 'f:usages': { '.': {}, 'v:"x"': {} } } },
      'n/Update': { 'f:spec': { 'f:secretName': {} } },
    });
  });

  test('changes the time of the writer only, and only when it wrote', () => {
    const edited = updated(created, draft({ labels: { a: 'c' }, spec: { secretName: 's', usages: ['x'] } }), {
      manager: 'm',
      minute: 5,
    });
    assert.equal(edited.metadata.managedFields![0]!.time, '2026-01-01T00:05:00Z');
    const removed = updated(created, draft({ spec: { secretName: 's', usages: ['x'] } }), { manager: 'm', minute: 9 });
    assert.equal(removed.metadata.managedFields![0]!.time, '2026-01-01T00:01:00Z');
  });

  test('keeps an entry for each subresource', () => {
    const next = { ...created, status: { revision: 1 } } as KubeObject;
    const object = updated(created, next, { manager: 'm', subresource: 'status' });
    assert.deepEqual(ownersOf(object)['m/Update/status'], { 'f:status': { '.': {}, 'f:revision': {} } });
    assert.deepEqual(ownersOf(object)['m/Update'], ownersOf(created)['m/Update']);
  });

  test('an applier that is written over keeps the rest of its fields', () => {
    const first = applied(undefined, { spec: { secretName: 's', dnsNames: ['a'] } }, { manager: 'helm' });
    const object = updated(first, draft({ spec: { secretName: 'other', dnsNames: ['a'] } }), { manager: 'm' });
    assert.deepEqual(ownersOf(object)['helm/Apply'], { 'f:spec': { 'f:dnsNames': {} } });
  });
});

function entry(fieldsV1: object, rest: object = {}): ManagedFieldsEntry {
  const owner = { manager: 'kubectl', operation: 'Apply', apiVersion: 'test.io/v1', fieldsType: 'FieldsV1' };
  return { ...owner, fieldsV1, ...rest } as ManagedFieldsEntry;
}

describe('recordUpdate() of entries that the client sends', () => {
  const created = updated(undefined, draft({ spec: { secretName: 's' } }), { manager: 'm' });
  const send = (managedFields: ManagedFieldsEntry[], spec: object = { secretName: 's' }): KubeObject =>
    updated(created, draft({ managedFields, spec }), { manager: 'n' });

  test('honours them', () => {
    assert.deepEqual(ownersOf(send([entry({ 'f:spec': { 'f:secretName': {} } })])), {
      'kubectl/Apply': { 'f:spec': { 'f:secretName': {} } },
    });
  });

  test('forgets all owners on [{}], and does not track an update of an object without owners', () => {
    assert.equal(send([{}]).metadata.managedFields, undefined);
    const again = updated(send([{}]), draft({ spec: { secretName: 'other' } }), { manager: 'n' });
    assert.equal(again.metadata.managedFields, undefined);
  });

  const ignored: readonly (readonly [why: string, entries: ManagedFieldsEntry[]])[] = [
    ['none: clients that do not know them send none', []],
    ['an unknown operation', [entry({}, { operation: 'Other' })]],
    ['no version', [entry({ 'f:spec': {} }, { apiVersion: '' })]],
    ['an entry that is none', [null as unknown as ManagedFieldsEntry]],
    ['a list that is none', 'x' as unknown as ManagedFieldsEntry[]],
    ['a manager that is no text', [entry({ 'f:spec': {} }, { manager: 7 })]],
    ['another encoding', [entry({ 'f:spec': {} }, { fieldsType: 'FieldsV2' })]],
  ];
  for (const [why, entries] of ignored) {
    test(`keeps those of the live object for ${why}`, () =>
      assert.deepEqual(ownersOf(send(entries)), ownersOf(created)));
  }

  test('spells path elements as the server does, and drops those it does not know', () => {
    const fields = {
      'f:spec': { 'k:{"b":1, "a":2}': {}, 'v: "x"': {}, 'z:?': {}, 'k:nonsense': {}, 'f:a': { '.': {} } },
    };
    assert.deepEqual(ownersOf(send([entry(fields)])), {
      'kubectl/Apply': { 'f:spec': { 'k:{"a":2,"b":1}': {}, 'v:"x"': {}, 'f:a': {} } },
    });
  });

  test('drops a time that is none', () => {
    const [sent] = send([entry({ 'f:spec': {} }, { time: 'yesterday' })]).metadata.managedFields!;
    assert.equal(sent?.time, undefined);
  });

  test('cannot be set through a subresource', () => {
    const next = {
      ...draft({ managedFields: [{}], spec: { secretName: 's' } }),
      status: { revision: 1 },
    } as KubeObject;
    const object = updated(created, next, { manager: 'n', subresource: 'status' });
    assert.deepEqual(Object.keys(ownersOf(object)), ['m/Update', 'n/Update/status']);
  });
});

test('recordUpdate() joins the oldest updaters into ancient-changes beyond ten', () => {
  let object = applied(undefined, { spec: { secretName: 's' } }, { manager: 'helm' });
  for (let minute = 1; minute <= 13; minute += 1) {
    const labels = { ...object.metadata.labels, [`l${minute}`]: 'x' };
    object = updated(
      object,
      { ...object, metadata: { ...object.metadata, labels } },
      { manager: `m${minute}`, minute },
    );
  }
  const owners = ownersOf(object);
  const names = Array.from({ length: 9 }, (_, index) => `m${index + 5}/Update`);
  assert.deepEqual(Object.keys(owners), ['helm/Apply', 'ancient-changes/Update', ...names]);
  assert.deepEqual(owners['ancient-changes/Update'], {
    'f:metadata': { 'f:labels': { '.': {}, 'f:l1': {}, 'f:l2': {}, 'f:l3': {}, 'f:l4': {} } },
  });
  assert.equal(object.metadata.managedFields![1]!.time, '2026-01-01T00:04:00Z');
});
