import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedKind } from '../../server/test-kinds.ts';
import type { ColumnWidths } from '../../text/columns.ts';
import { formatTables, type Table } from './table.ts';

const certificates = servedKind('cert-manager.io', 'Certificate', 'certificates');
const metadata = { name: 'a', namespace: 'apic', uid: '', creationTimestamp: '', resourceVersion: '7', generation: 1 };
const table: Table = {
  metadata: {},
  columnDefinitions: [
    { name: 'Name', priority: 0 },
    { name: 'Ready', priority: 0 },
    { name: 'Issuer', priority: 1 },
  ],
  rows: [{ cells: ['a', 'True', 'ca'], object: { metadata } }],
};
const form = { wide: false, typed: false, withNamespace: false, withHeading: true };

test('formatTables() leaves out columns of low priority', () => {
  assert.equal(formatTables([table], certificates, form), 'NAME   READY\na      True\n');
});

test('formatTables() shows all columns when it is wide', () => {
  assert.match(formatTables([table], certificates, { ...form, wide: true }), /ISSUER\na +True +ca\n$/);
});

test('formatTables() puts types and namespaces in front when there are several', () => {
  assert.equal(
    formatTables([table], certificates, { ...form, typed: true, withNamespace: true }),
    'NAMESPACE   NAME                            READY\napic        certificate.cert-manager.io/a   True\n',
  );
});

test('formatTables() aligns later rows with what was printed before', () => {
  const widths: ColumnWidths = [20];
  assert.equal(
    formatTables([table], certificates, { ...form, withHeading: false, widths }),
    `a${' '.repeat(22)}True\n`,
  );
});
