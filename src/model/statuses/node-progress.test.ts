import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointReport, GatewayNode } from '#model/resources';
import { nodeProgress } from './node-progress.ts';
import { changesBetween, reportOf } from './node-reports.ts';
import type { NodeReport } from './node-reports.ts';

type Part = Partial<EndpointReport> & { readonly generation?: number };

function node(parts: readonly Part[], status: Partial<GatewayNode['status']> = {}): NodeReport {
  const endpoints = parts.map(({ generation = 2, ...part }): EndpointReport => {
    const endpointCertificates = [{ name: 'pay', namespace: 'apic', fingerprint: 'ab', generation }];
    return { endpoint: 'a:1', apis: [], state: 'proven', endpointCertificates, ...part };
  });
  return reportOf({
    apiVersion: 'chancery.dev/v1',
    kind: 'GatewayNode',
    metadata: { name: 'n', namespace: 'apic', uid: '', resourceVersion: '', creationTimestamp: '' },
    spec: { gatewayRef: { name: 'edge' } },
    status: { endpoints, ...status },
  });
}

const lost = { conditions: [{ type: 'Ready', status: 'Unknown' as const }] };

const cases: readonly [why: string, node: NodeReport, loaded: number, proven: number][] = [
  ['it is proven', node([{}]), 1, 1],
  ['nothing is said of it', node([]), 0, 0],
  ['it is only loaded', node([{ state: 'loaded' }]), 1, 0],
  ['an older one is proven', node([{ generation: 1 }]), 0, 0],
  ['one of its ports is not proven', node([{}, { endpoint: 'a:2', state: 'loaded' }]), 1, 0],
  ['the proof failed after it was loaded', node([{ state: 'failed', loadedAt: '2026-01-01T00:00:00Z' }]), 1, 0],
  ['it could not be loaded', node([{ state: 'failed' }]), 0, 0],
  ['the node is lost', node([{}], lost), 1, 0],
  ['the list was cut off among the proven', node([{ endpointCertificates: [] }], { omittedEndpoints: 3 }), 1, 1],
  [
    'the list was cut off among the unproven',
    node([{ endpointCertificates: [], state: 'loaded' }], { omittedEndpoints: 3 }),
    0,
    0,
  ],
];

for (const [why, report, loaded, proven] of cases) {
  test(`a node counts as ${loaded} loaded and ${proven} proven when ${why}`, () => {
    const progress = nodeProgress('apic/pay', 2, [report]);
    assert.deepEqual(progress, { desired: 1, loaded, proven, ...(proven === 1 ? {} : { lagging: ['n'] }) });
  });
}

test('a report asks for the certificates that it says something new of, and for all when the node itself is different', () => {
  const before = node([{ state: 'loaded' }]);
  assert.deepEqual(changesBetween(before, node([{ state: 'loaded' }])), []);
  assert.deepEqual(changesBetween(before, node([{}])), ['apic/pay']);
  assert.deepEqual(changesBetween(before, node([])), ['apic/pay']);
  assert.equal(changesBetween(before, node([{ state: 'loaded' }], lost)), 'all');
  assert.equal(changesBetween(undefined, before), 'all');
  assert.deepEqual(changesBetween(undefined, undefined), []);
});
