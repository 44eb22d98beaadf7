import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { condition, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, create, get } from '../test-tls-objects.ts';
import { certificateIn } from '../rotations/test-estate.ts';
import { Fleet } from '../rotations/test-fleet.ts';

const spec = {
  instances: [{ name: 'one' }, { name: 'two' }],
  presents: [{ name: 'server', certificateRef: { name: 'web' } }],
  trusts: [{ name: 'roots', trustBundleRef: { name: 'roots' } }],
  listens: [{ name: 'https', presents: 'server' }],
};

async function started(t: TestContext): Promise<{ plane: TestPlane; fleet: Fleet }> {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await create(plane, 'Workload', 'web', spec);
  await plane.pass(1000);
  return { plane, fleet: new Fleet(plane) };
}

const ready = async (plane: TestPlane): Promise<string | undefined> =>
  condition(await get(plane, 'Workload', 'web'), 'Ready');

test('a Workload says what its instances shall have, and is ready when all have shown it', async (t) => {
  const { plane, fleet } = await started(t);
  const { materials = [] } = (await get(plane, 'Workload', 'web')).status!;
  assert.deepEqual(
    materials.map(({ name, kind, generation }) => [name, kind, generation]),
    [
      ['server', 'identity', 1],
      ['roots', 'trust', 1],
    ],
  );
  assert.equal(materials[0]!.fingerprint, (await certificateIn(plane, 'web')).fingerprint);
  assert.equal(await ready(plane), 'False InstanceLost');
  fleet.stuck.set('web/two', 'loaded');
  await fleet.round();
  await plane.pass(1000);
  assert.equal(await ready(plane), 'False NotProven');
  assert.deepEqual((await get(plane, 'Workload', 'web')).status?.counts, { instances: 2, loaded: 2, proven: 1 });
  fleet.stuck.clear();
  await fleet.round();
  await plane.pass(1000);
  assert.equal(await ready(plane), 'True Proven');
});

test('a renewed certificate is the next generation, and must be shown again', async (t) => {
  const { plane, fleet } = await started(t);
  await fleet.round();
  await plane.pass(1000);
  await plane.pass(60 * 24 * 3600_000);
  await plane.pass(2 * 3600_000);
  await plane.pass(1000);
  const { status } = await get(plane, 'Workload', 'web');
  assert.equal(status?.materials?.[0]?.generation, 2);
  assert.equal(status.counts?.proven, 0);
  await fleet.round();
  await plane.pass(1000);
  assert.equal(await ready(plane), 'True Proven');
});

test('an instance that gives no sign of life is named, and one out of service is not waited for', async (t) => {
  const { plane, fleet } = await started(t);
  await fleet.round();
  await plane.pass(1000);
  await plane.pass(91_000);
  assert.equal(await ready(plane), 'False InstanceLost');
  await change(plane, 'Workload', 'web', {
    instances: spec.instances.map(({ name }) => ({ name, quarantined: true })),
  });
  await plane.pass(1000);
  assert.equal(await ready(plane), 'False NoInstances');
});

test('what cannot be resolved is told, and what was wanted before stays wanted', async (t) => {
  const { plane } = await started(t);
  const before = (await get(plane, 'Workload', 'web')).status?.materials;
  await change(plane, 'Workload', 'web', { presents: [{ name: 'server', certificateRef: { name: 'gone' } }] });
  await plane.pass(1000);
  assert.equal(await ready(plane), 'False CertificateNotFound');
  assert.deepEqual((await get(plane, 'Workload', 'web')).status?.materials, before);
});

test('metrics tell the generation that every instance shall have and has shown', async (t) => {
  const { plane, fleet } = await started(t);
  await fleet.round();
  await plane.pass(1000);
  const text = await plane.metrics.metrics();
  assert.match(text, /chancery_desired_generation\{namespace="apic",workload="web",node="one",material="server"\} 1/);
  assert.match(text, /chancery_proven_generation\{namespace="apic",workload="web",node="two",material="roots"\} 1/);
});
