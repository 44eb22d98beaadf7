import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatColumns } from './columns.ts';

test('formatColumns() aligns columns three spaces apart and leaves no space at the end of a line', () => {
  const text = formatColumns([
    ['NAME', 'READY', 'AGE'],
    ['abc-management-ca', 'True', ''],
  ]);
  assert.equal(text, 'NAME                READY   AGE\nabc-management-ca   True\n');
});

test('formatColumns() does not count colour codes as width', () => {
  const text = formatColumns([
    ['\u001b[31mred\u001b[39m', 'x'],
    ['green', 'y'],
  ]);
  assert.equal(text, '\u001b[31mred\u001b[39m     x\ngreen   y\n');
});
