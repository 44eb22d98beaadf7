import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { WorkloadInstance } from '../workload-instance.ts';
import { validateWorkloadInstance } from './workload-instance.ts';

const one = (name: string, instance: string, workload: WorkloadInstance['spec']['workloadRef'] = { name: 'shop' }) =>
  ({
    apiVersion: 'chancery.dev/v1',
    kind: 'WorkloadInstance',
    metadata: { name, namespace: 'team' },
    spec: { workloadRef: workload, instance },
  }) as WorkloadInstance;

for (const { why, next, previous, wanted } of [
  { why: 'under its own name', next: one('shop.berlin', 'berlin'), wanted: undefined },
  {
    why: 'under the name of another',
    next: one('shop.berlin', 'paris'),
    wanted: /^metadata\.name: Invalid value: "shop\.berlin": instance paris of Workload shop is named shop\.paris$/,
  },
  { why: 'of another namespace', next: one('shop.a', 'a', { name: 'shop', namespace: 'b' }), wanted: /Forbidden/ },
  { why: 'of no Workload', next: one('shop.a', 'a', { name: '' }), wanted: /^spec\.workloadRef\.name: Required/ },
  { why: 'without a name', next: one('shop.', ''), wanted: /^spec\.instance: Invalid value/ },
  {
    why: 'with more to say than before',
    next: one('shop.a', 'a', { name: 'shop', namespace: 'team' }),
    previous: one('shop.a', 'a'),
    wanted: /^spec: Forbidden: it says which instance this is/,
  },
  { why: 'as before', next: one('shop.a', 'a'), previous: one('shop.a', 'a'), wanted: undefined },
]) {
  test(`a WorkloadInstance ${why}`, () => {
    const found = validateWorkloadInstance(next, previous).map(fieldErrorText);
    assert.equal(found.length, wanted === undefined ? 0 : 1, found.join('\n'));
    if (wanted !== undefined) assert.match(found[0]!, wanted);
  });
}
