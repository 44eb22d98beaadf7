import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '#errors';
import type { KubeObject } from '../object.ts';
import { formatConflicts } from './conflicts.ts';
import { applied, apply, draft, ownersOf, updated } from './test-objects.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function times(object: KubeObject): (string | undefined)[] {
  return object.metadata.managedFields!.map(({ time }) => time);
}

describe('applyServerSide()', () => {
  test('owns what the configuration states, without the containers around it', () => {
    const object = applied(
      undefined,
      { labels: { a: 'b' }, spec: { secretName: 's', usages: ['x'] } },
      { manager: 'm' },
    );
    assert.deepEqual(ownersOf(object), {
      'm/Apply': {
        'f:metadata': { 'f:labels': { 'f:a': {} } },
        'f:spec': { 'f:secretName': {}, 'f:usages': { 'v:"x"': {} } },
      },
    });
  });

  test('never owns the identity of the object', () => {
    const object = applied(undefined, {}, { manager: 'm' });
    assert.equal(object.metadata.managedFields, undefined);
  });

  test('takes out what its manager stated before and states no longer', () => {
    const first = applied(undefined, { spec: { secretName: 's', usages: ['a', 'b'] } }, { manager: 'm' });
    const second = applied(first, { spec: { usages: ['b'] } }, { manager: 'm' });
    assert.deepEqual((second as KubeObject & { spec: object }).spec, { usages: ['b'] });
  });

  test('keeps a field that another manager states too', () => {
    const one = applied(undefined, { spec: { secretName: 's' } }, { manager: 'one' });
    const two = applied(one, { spec: { secretName: 's' } }, { manager: 'two' });
    const gone = applied(two, { spec: {} }, { manager: 'one' });
    assert.deepEqual((gone as KubeObject & { spec: object }).spec, { secretName: 's' });
    assert.deepEqual(ownersOf(gone), {
      'one/Apply': { 'f:spec': {} },
      'two/Apply': { 'f:spec': { 'f:secretName': {} } },
    });
  });

  test('removes the struct together with its last field', () => {
    const first = applied(undefined, { labels: { a: 'b' }, spec: { secretName: 's' } }, { manager: 'm' });
    const second = applied(first, { labels: { a: 'b' } }, { manager: 'm' });
    assert.equal('spec' in second, false);
  });

  test('leaves a field that nobody owns, beside what it takes out and what another has', () => {
    const entry = { operation: 'Apply', apiVersion: 'test.io/v1', fieldsType: 'FieldsV1' } as const;
    const managedFields = [
      { ...entry, manager: 'm', fieldsV1: { 'f:spec': { 'f:secretName': {} } } },
      { ...entry, manager: 'other', fieldsV1: { 'f:spec': { 'f:dnsNames': {} } } },
    ];
    const spec = { secretName: 's', dnsNames: ['a'], usages: ['x'] };
    const live = draft({ spec, managedFields }) as KubeObject;
    const object = applied(live, {}, { manager: 'm' });
    assert.deepEqual((object as KubeObject & { spec: object }).spec, { dnsNames: ['a'], usages: ['x'] });
  });

  test('owns a key of a free map with all that is stated beneath it', () => {
    const object = applied(undefined, { spec: { free: { key: { deep: 1 } } } }, { manager: 'm' });
    assert.deepEqual(ownersOf(object)['m/Apply'], {
      'f:spec': { 'f:free': { '.': {}, 'f:key': { '.': {}, 'f:deep': {} } } },
    });
  });

  test('leaves no null where a container was emptied under another owner', () => {
    const created = updated(undefined, draft({ spec: { secretName: 's', usages: [] } }), { manager: 'editor' });
    const full = applied(created, { spec: { usages: ['a'] }, labels: { a: 'b' } }, { manager: 'm' });
    const emptied = applied(full, { labels: { a: 'b' } }, { manager: 'm' });
    assert.deepEqual((emptied as KubeObject & { spec: object }).spec, { secretName: 's' });
  });

  test('merges labels key by key and finalizers item by item', () => {
    const one = applied(undefined, { labels: { a: '1' }, finalizers: ['x.io/a'] }, { manager: 'one' });
    const two = applied(one, { labels: { b: '2' }, finalizers: ['x.io/b'] }, { manager: 'two' });
    assert.deepEqual(two.metadata.labels, { a: '1', b: '2' });
    assert.deepEqual(two.metadata.finalizers, ['x.io/a', 'x.io/b']);
  });

  test('is no write when the same is applied again: same content, entries and times', () => {
    const content = { labels: { a: 'b' }, spec: { secretName: 's', dnsNames: ['a'] } };
    const first = applied(undefined, content, { manager: 'm', minute: 1 });
    assert.deepEqual(applied(first, content, { manager: 'm', minute: 9 }), first);
  });

  test('changes the time of its entry with the object or with its claim', () => {
    const one = applied(undefined, { spec: { secretName: 's' } }, { manager: 'one', minute: 1 });
    const claim = applied(one, { spec: { secretName: 's' } }, { manager: 'two', minute: 2 });
    const change = applied(claim, { spec: { secretName: 's' }, labels: { a: 'b' } }, { manager: 'two', minute: 3 });
    assert.deepEqual(times(claim), ['2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z']);
    assert.deepEqual(times(change), ['2026-01-01T00:01:00Z', '2026-01-01T00:03:00Z']);
  });

  test('changes the time of its entry when it states another value of the same field', () => {
    const one = applied(undefined, { spec: { secretName: 's' } }, { manager: 'm', minute: 1 });
    const two = applied(one, { spec: { secretName: 't' } }, { manager: 'm', minute: 2 });
    assert.deepEqual(times(two), ['2026-01-01T00:02:00Z']);
  });

  test('leaves the keys of a map alone that the configuration has as null', () => {
    const one = applied(undefined, { labels: { a: 'b' } }, { manager: 'one' });
    const nulls = { labels: null } as unknown as { labels: Record<string, string> };
    assert.deepEqual(applied(one, nulls, { manager: 'two' }).metadata.labels, { a: 'b' });
  });

  test('lays an object that nobody owns at the door of before-first-apply', () => {
    const live = draft({ spec: { secretName: 's' } }) as KubeObject;
    const outcome = apply(live, { spec: { secretName: 'other' } }, { manager: 'm' });
    assert.equal(
      formatConflicts(outcome.conflicts),
      'Apply failed with 1 conflict: conflict with "before-first-apply" using test.io/v1: .spec.secretName',
    );
  });

  test('through /status changes the status only and keeps an entry of its own', () => {
    const live = applied(undefined, { spec: { secretName: 's' } }, { manager: 'm' });
    const content = { labels: { a: 'b' }, spec: { secretName: 'other' }, status: { revision: 2 } };
    const object = applied(live, content, { manager: 'm', subresource: 'status' });
    assert.deepEqual(object, { ...live, status: { revision: 2 }, metadata: object.metadata });
    assert.deepEqual(ownersOf(object)['m/Apply/status'], { 'f:status': { 'f:revision': {} } });
  });

  test('does not touch the fields it is told to ignore', () => {
    const content = { spec: { secretName: 's' }, status: { revision: 2 } };
    assert.equal('status' in applied(undefined, content, { manager: 'm', ignore: ['status'] }), false);
  });
});

describe('applyServerSide() in conflict', () => {
  const live = updated(
    undefined,
    draft({ spec: { secretName: 's', dnsNames: ['a'] }, status: { conditions: [{ type: 'Ready', status: 'False' }] } }),
    { manager: 'kubectl-client-side-apply' },
  );

  test('names the other manager and the field, as kubectl prints them', () => {
    const outcome = apply(live, { spec: { secretName: 'other' } }, { manager: 'm' });
    assert.equal(outcome.object, undefined);
    assert.equal(
      formatConflicts(outcome.conflicts),
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using test.io/v1: .spec.secretName',
    );
  });

  test('lists several conflicts by manager', () => {
    const both = applied(live, { labels: { a: '1' } }, { manager: 'helm' });
    const content = {
      labels: { a: '2' },
      spec: { dnsNames: ['b'] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    assert.equal(
      formatConflicts(apply(both, content, { manager: 'm' }).conflicts),
      'Apply failed with 3 conflicts: conflicts with "helm":\n- .metadata.labels.a\n' +
        'conflicts with "kubectl-client-side-apply" using test.io/v1:\n- .spec.dnsNames\n' +
        '- .status.conditions[type="Ready"].status',
    );
  });

  test('takes the fields over with force, and the other loses them', () => {
    const object = applied(live, { spec: { secretName: 'other' } }, { manager: 'm', force: true });
    assert.deepEqual(ownersOf(object)['m/Apply'], { 'f:spec': { 'f:secretName': {} } });
    assert.deepEqual(
      Object.keys((ownersOf(object)['kubectl-client-side-apply/Update'] as { 'f:spec': object })['f:spec']),
      ['.', 'f:dnsNames'],
    );
  });

  test('shares a field that has the same value on both sides', () => {
    assert.deepEqual(apply(live, { spec: { secretName: 's' } }, { manager: 'm' }).conflicts, []);
  });
});

describe('applyServerSide() by kubectl after kubectl apply', () => {
  const configuration = { apiVersion: 'test.io/v1', kind: 'Test', metadata: { name: 'x' }, spec: { secretName: 's' } };
  const annotations = { [lastApplied]: JSON.stringify(configuration) };
  const live = updated(undefined, draft({ annotations, spec: { secretName: 's', dnsNames: ['a'] } }), {
    manager: 'kubectl-client-side-apply',
  });

  test('takes over what kubectl apply wrote and refreshes its annotation', () => {
    const object = applied(live, { spec: { secretName: 'other' } }, { manager: 'kubectl' });
    assert.deepEqual(JSON.parse(object.metadata.annotations![lastApplied]!), {
      ...draft({ spec: { secretName: 'other' } }),
      metadata: { name: 'x', namespace: 'ns', annotations: {} },
    });
  });

  for (const [why, content, manager] of [
    ['fields that kubectl apply did not write stay contested', { spec: { dnsNames: ['b'] } }, 'kubectl'],
    ['other managers have no such right', { spec: { secretName: 'other' } }, 'helm'],
  ] as const) {
    test(why, () => assert.equal(apply(live, content as object, { manager }).conflicts.length, 1));
  }

  test('a field that was changed since stays contested', () => {
    const edited = updated(live, draft({ annotations, spec: { secretName: 'edited' } }), { manager: 'editor' });
    assert.equal(apply(edited, { spec: { secretName: 'other' } }, { manager: 'kubectl' }).conflicts.length, 1);
  });
});

describe('applyServerSide() of a bad configuration', () => {
  const cases = [
    ['it carries managed fields', { managedFields: [] }, 'bad-request', 'metadata.managedFields must be nil'],
    ['a set repeats an item', { spec: { usages: ['a', 'a'] } }, 'invalid', 'duplicate entries for key [="a"]'],
    ['an item has no key', { status: { conditions: [{ status: 'True' }] } }, 'invalid', 'omits key field "type"'],
    ['a key is null', { status: { conditions: [{ type: null }] } }, 'invalid', 'omits key field "type"'],
    ['an item of a set is an object', { spec: { usages: [{}] } }, 'invalid', 'element that is not a scalar'],
  ] as const;
  for (const [why, content, code, message] of cases) {
    test(`fails with ${code} when ${why}`, () => {
      assert.throws(
        () => apply(undefined, content as object, { manager: 'm' }),
        (error) => error instanceof CodedError && error.code === code && error.message.includes(message),
      );
    });
  }
});
