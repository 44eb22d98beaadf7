import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dnsSubdomainProblems } from '#model/objects';
import { workloadInName, workloadInstanceName } from './workload-instance-name.ts';

for (const { workload, instance, name, why } of [
  { workload: 'shop', instance: 'berlin-1', name: 'shop.berlin-1', why: 'both are names of objects' },
  { workload: 'shop.eu', instance: 'one', name: 'shop.eu.one', why: 'only the last point separates' },
  {
    workload: 'shop',
    instance: 'eu.one',
    name: 'shop.eu-one-537b388d322b5e97',
    why: 'instance one of Workload shop.eu is another',
  },
  { workload: 'shop', instance: 'Node_1', name: 'shop.node-1-29c1c898173d9766', why: 'objects have no such names' },
]) {
  test(`workloadInstanceName(): ${workload} and ${instance}: ${why}`, () => {
    assert.equal(workloadInstanceName(workload, instance), name);
    assert.equal(workloadInName(name), workload);
  });
}

const workloads = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/);
const instances = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);

test('workloadInstanceName() is always the name of an object, and another for another instance', () => {
  fc.assert(
    fc.property(workloads, instances, workloads, instances, (workload, instance, otherWorkload, otherInstance) => {
      fc.pre(dnsSubdomainProblems(workload).length === 0 && dnsSubdomainProblems(otherWorkload).length === 0);
      const name = workloadInstanceName(workload, instance);
      assert.deepEqual(dnsSubdomainProblems(name), []);
      const isSame = workload === otherWorkload && instance === otherInstance;
      assert.equal(name === workloadInstanceName(otherWorkload, otherInstance), isSame);
    }),
  );
});
