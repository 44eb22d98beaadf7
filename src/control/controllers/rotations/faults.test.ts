import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotateWithLiar, surviveFaults } from './test-faults.ts';

test('whatever becomes of reports, instances and the control plane, nobody is refused, and the rotation ends', () =>
  surviveFaults(5));

test('an instance that answers Success and changes nothing is refused, so that such runs can fail', async () => {
  assert.match((await rotateWithLiar()) ?? '', /of two .* is refused by web-1/);
});
