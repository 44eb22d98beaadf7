import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinKinds, certificateKind, eventKind, secretKind } from '#model/resources';
import { tableLayout } from './table-layout.ts';

const now = new Date('2030-01-01T00:10:00Z');
const metadata = { name: 'web', uid: 'u', resourceVersion: '1', creationTimestamp: '2030-01-01T00:05:00Z' };

test('every kind has one column for its name', () => {
  for (const kind of builtinKinds) {
    const layout = tableLayout(kind);
    const names = layout.definitions.map(({ name }) => name);
    assert.equal(names.filter((name) => name === 'Name').length, 1, kind.kind);
  }
});

test('the layout of a kind is compiled once', () => {
  assert.equal(tableLayout(certificateKind), tableLayout(certificateKind));
});

test('cells are rendered by the server, ages too; what is absent is null', () => {
  const web = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata, spec: { secretName: 'web-tls' } };
  const layout = tableLayout(certificateKind);
  const cells = layout.cells(web, now);
  assert.equal(cells.length, layout.definitions.length);
  const row = Object.fromEntries(layout.definitions.map(({ name }, index) => [name, cells[index]]));
  assert.deepEqual(
    { name: row['Name'], ready: row['Ready'], secret: row['Secret'], age: row['Age'] },
    { name: 'web', ready: null, secret: 'web-tls', age: '5m' },
  );
});

test('columns that no path can fill are computed', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { a: '', b: '' } };
  assert.deepEqual(tableLayout(secretKind).cells(secret, now), ['web', 'Opaque', 2, '5m']);
  assert.ok(tableLayout(eventKind).definitions.some(({ name }) => name === 'Last Seen'));
});
