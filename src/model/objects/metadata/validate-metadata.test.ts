import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fieldErrorText } from '../field-error.ts';
import type { ObjectMeta, OwnerReference } from '../object.ts';
import { dnsLabelProblems } from './names.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';

const good: Partial<ObjectMeta> = { name: 'x', namespace: 'ns' };
const owner = (rest: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'Secret',
  name: 'x',
  uid: 'u',
  ...rest,
});

describe('validateMetadata()', () => {
  const cases: readonly (readonly [why: string, change: Partial<ObjectMeta>, texts: string[]])[] = [
    ['a plain object', {}, []],
    ['a name of 253 characters', { name: 'a'.repeat(253) }, []],
    [
      'labels, annotations, finalizers and owners in order',
      {
        labels: { 'a.b/c': '' },
        annotations: { 'A/b': 'any text\n' },
        finalizers: ['x.io/y', 'orphan'],
        ownerReferences: [owner({ controller: true }), owner()],
      },
      [],
    ],
    ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
    [
      'a name with capitals',
      { name: 'X' },
      [
        `metadata.name: Invalid value: "X": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    ],
    [
      'a name of 254 characters',
      { name: 'a'.repeat(254) },
      [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
    ],
    ['no namespace', { namespace: '' }, ['metadata.namespace: Required value']],
    [
      'a bad namespace',
      { namespace: 'a.b' },
      [
        `metadata.namespace: Invalid value: "a.b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    ],
    [
      'a bad label value',
      { labels: { a: '-' } },
      [
        `metadata.labels: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      ],
    ],
    [
      'a label key without a name',
      { labels: { 'a/': '' } },
      [
        'metadata.labels: Invalid value: "a/": name part must be non-empty',
        `metadata.labels: Invalid value: "a/": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    ],
    [
      'a label key without a prefix',
      { labels: { '/a': '' } },
      ['metadata.labels: Invalid value: "/a": prefix part must be non-empty'],
    ],
    [
      'a long annotation key',
      { annotations: { ['a'.repeat(64)]: '' } },
      [`metadata.annotations: Invalid value: "${'a'.repeat(64)}": name part must be no more than 63 characters`],
    ],
    [
      'annotations of more than 256 KiB',
      { annotations: { a: 'é'.repeat(131_072) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'finalizers that exclude each other',
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      'an owner without a uid',
      { ownerReferences: [owner({ uid: '' })] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
  ];
  for (const [why, change, texts] of cases) {
    test(`${why}: ${texts.length === 0 ? 'valid' : 'refused'}`, () => {
      const errors = validateMetadata({ ...good, ...change }, { namespaced: true });
      assert.deepEqual(errors.map(fieldErrorText), texts);
    });
  }

  test('names both controllers when there are two', () => {
    const references = [owner({ controller: true }), owner({ kind: 'Certificate', name: 'y', controller: true })];
    const [error] = validateMetadata({ ...good, ownerReferences: references }, { namespaced: true });
    assert.equal(
      error?.detail,
      'Only one reference can have Controller set to true. Found "true" in references for Secret/x and Certificate/y',
    );
  });

  test('a kind of the whole cluster has no namespace', () => {
    const errors = validateMetadata(good, { namespaced: false, nameProblems: dnsLabelProblems });
    assert.deepEqual(errors.map(fieldErrorText), ['metadata.namespace: Forbidden: not allowed on this type']);
  });

  test('takes linear time on hostile names', () => {
    const name = `${'a'.repeat(100_000)}!`;
    const started = performance.now();
    validateMetadata({ name, namespace: name, labels: { [name]: name } }, { namespaced: true });
    assert.ok(performance.now() - started < 1000);
  });
});

describe('validateMetadataUpdate()', () => {
  const previous: ObjectMeta = {
    name: 'x',
    namespace: 'ns',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['a.io/b'],
  };

  test('lets labels, annotations and finalizers change', () => {
    assert.deepEqual(validateMetadataUpdate({ ...previous, labels: { a: 'b' }, finalizers: ['c.io/d'] }, previous), []);
  });

  test('refuses another uid', () => {
    assert.deepEqual(validateMetadataUpdate({ ...previous, uid: 'v' }, previous).map(fieldErrorText), [
      'metadata.uid: Invalid value: "v": field is immutable',
    ]);
  });

  test('lets finalizers go, but not come, while the object is being deleted', () => {
    const deleted = { ...previous, deletionTimestamp: '2026-01-01T00:00:00Z' };
    assert.deepEqual(validateMetadataUpdate({ ...deleted, finalizers: [] }, deleted), []);
    assert.deepEqual(
      validateMetadataUpdate({ ...deleted, finalizers: ['a.io/b', 'x.io/y'] }, deleted).map(fieldErrorText),
      [
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/y"}',
      ],
    );
  });
});
