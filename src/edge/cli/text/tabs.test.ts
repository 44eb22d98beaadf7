import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignTabs } from './tabs.ts';

test('alignTabs() gives neighbouring lines one column', () => {
  assert.equal(alignTabs(['Name:\tx', 'Namespace:\ty']), 'Name:       x\nNamespace:  y\n');
});

test('alignTabs() ends a column at a line that does not have it', () => {
  assert.equal(alignTabs(['Name:\tx', 'Spec:', '  Long Name:\ty']), 'Name:  x\nSpec:\n  Long Name:  y\n');
});

test('alignTabs() aligns every column of a table, and does not pad the last', () => {
  assert.equal(
    alignTabs(['Type\tReason\tMessage', 'Normal\tIssued\tm', 'Warning\tErrGetKeyPair\tn']),
    'Type     Reason         Message\nNormal   Issued         m\nWarning  ErrGetKeyPair  n\n',
  );
});
