import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GatewayNode } from '#model/resources';
import { SeenBackends } from './seen-backends.ts';

function node(name: string, fingerprints: readonly string[]): GatewayNode {
  const endpoints = fingerprints.map((fingerprint, index) => ({
    endpoint: `b${index}.example:443`,
    apis: [],
    presented: { subject: 'CN=b', issuer: 'CN=ca', fingerprint, notAfter: '2027-01-01T00:00:00Z' },
    state: 'proven',
  }));
  const object = {
    metadata: { name, namespace: 'apic' },
    spec: { gatewayRef: { name: 'edge' } },
    status: { endpoints },
  };
  return object as unknown as GatewayNode;
}

test('report() says what nobody had seen', () => {
  const seen = new SeenBackends();
  assert.equal(seen.report(node('n1', ['a', 'b'])).length, 2);
  assert.equal(seen.report(node('n1', ['a', 'b'])).length, 0);
  assert.equal(seen.report(node('n2', ['a', 'c'])).length, 1);
});

test('what is seen is what the last reports of the nodes say, each with the nodes that say it', () => {
  const report = fc.record({
    name: fc.constantFrom('n1', 'n2', 'n3'),
    fingerprints: fc.option(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 20 }), (reports) => {
      const seen = new SeenBackends();
      const last = new Map<string, readonly string[]>();
      for (const { name, fingerprints } of reports) {
        if (fingerprints === undefined) seen.forget(node(name, []));
        else seen.report(node(name, fingerprints));
        last.set(name, fingerprints ?? []);
      }
      const expected = [...last].flatMap(([name, all]) =>
        all.map((one, index) => `b${index}.example:443 ${one} ${name}`),
      );
      const found = [...seen.certificates()].flatMap(({ endpoint, fingerprint, nodes }) =>
        nodes!.map((name) => `${endpoint} ${fingerprint} ${name}`),
      );
      assert.deepEqual(found.toSorted(), expected.toSorted());
    }),
  );
});
