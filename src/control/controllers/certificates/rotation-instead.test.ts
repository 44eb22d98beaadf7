import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateKind, rotationKind, secretKind } from '#model/resources';
import { asUser, condition, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { certificateIn, isOver, rotate, startEstate } from '../rotations/test-estate.ts';

const hour = 3600_000;
const day = 24 * hour;
const names = async (plane: TestPlane): Promise<string[]> =>
  (await plane.all(rotationKind)).map(({ metadata }) => metadata.name);

test('a CA that others rest on and that is due goes through a Rotation', async (t) => {
  const { plane, fleet } = await startEstate();
  t.after(() => plane.stop());
  const before = await certificateIn(plane, 'ca');
  await plane.pass(2450 * day);
  await plane.pass(2 * hour);
  const [name] = await names(plane);
  assert.equal(name, 'ca-scheduled-2');
  assert.equal((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint, 'it is not swapped barely');
  await fleet.run(() => isOver(plane, name));
  assert.notEqual((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
  assert.equal(condition(await plane.certificate('ca'), 'Ready'), 'True Ready');
  assert.deepEqual(await names(plane), ['ca-scheduled-2']);
});

test('a CA that no bundle and no workload has is renewed as ever', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const before = await certificateIn(plane, 'ca');
  await plane.pass(2450 * day);
  await plane.pass(2 * hour);
  assert.notEqual((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
  assert.deepEqual(await names(plane), []);
});

async function askAnew(plane: TestPlane, name: string): Promise<void> {
  const { status, ...certificate } = await plane.certificate(name);
  const issuing = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'by hand' } as const;
  const conditions = [...(status?.conditions ?? []), issuing];
  await plane.store.update(
    { kind: certificateKind, namespace, name },
    { ...certificate, status: { ...status, conditions } },
    { ...asUser, subresource: 'status' },
  );
}

test('asked for by hand, such a CA goes through a Rotation too', async (t) => {
  const { plane } = await startEstate();
  t.after(() => plane.stop());
  const before = await certificateIn(plane, 'ca');
  await askAnew(plane, 'ca');
  await plane.pass(1000);
  assert.deepEqual(await names(plane), ['ca-scheduled-2']);
  assert.equal((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
  assert.equal(condition(await plane.certificate('ca'), 'Issuing'), undefined);
});

test('while a Rotation runs nothing else replaces its CA', async (t) => {
  const { plane, fleet } = await startEstate();
  t.after(() => plane.stop());
  const before = await certificateIn(plane, 'ca');
  fleet.stuck.set('web/web-1', 'loaded');
  await rotate(plane);
  await fleet.run(() => isOver(plane), 5);
  await askAnew(plane, 'ca');
  await plane.pass(1000);
  assert.equal((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
  assert.deepEqual(await names(plane), ['turn']);
});

test('a CA whose Secret is lost is issued anew at once: there is nothing to keep alive', async (t) => {
  const { plane } = await startEstate();
  t.after(() => plane.stop());
  const before = await certificateIn(plane, 'ca');
  await plane.store.delete({ kind: secretKind, namespace, name: 'ca' }, asUser);
  await plane.pass(1000);
  assert.notEqual((await certificateIn(plane, 'ca')).fingerprint, before.fingerprint);
  assert.deepEqual(await names(plane), []);
});
