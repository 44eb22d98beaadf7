import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue } from './object-text.ts';

test('formatValue() sorts keys and indents JSON by four, as kubectl does', () => {
  assert.equal(
    formatValue({ b: 1, a: { d: [1], c: undefined } }, 'json'),
    '{\n    "a": {\n        "d": [\n            1\n        ]\n    },\n    "b": 1\n}\n',
  );
});

test('formatValue() quotes in YAML what would be read back as something else', () => {
  assert.equal(
    formatValue({ at: '2026-11-22T00:47:05Z', on: 'yes', port: '1', list: ['x'] }, 'yaml'),
    'at: "2026-11-22T00:47:05Z"\nlist:\n- x\n"on": "yes"\nport: "1"\n',
  );
});
