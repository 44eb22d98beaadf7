import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerReferenceTo } from '#model/objects';
import type { KubeObject } from '#model/objects';
import { certificateKind, certificateRequestKind, configMapKind } from '#model/resources';
import { asUser, namespace, requestNames, startPlane, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

async function configMap(plane: TestPlane, name: string, owners: readonly KubeObject[] = []): Promise<KubeObject> {
  const metadata = {
    name,
    ownerReferences: owners.map((owner) => Object.assign(ownerReferenceTo(owner), { controller: false })),
  };
  return plane.store.create(
    { kind: configMapKind, namespace },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    asUser,
  );
}

const get = (plane: TestPlane, name: string) => plane.store.get({ kind: configMapKind, namespace, name });
const remove = (plane: TestPlane, name: string, propagation: 'Background' | 'Foreground' | 'Orphan') =>
  plane.store.delete({ kind: configMapKind, namespace, name }, { ...asUser, propagation });

test('a deleted Certificate takes its requests along, and leaves its Secret', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  await plane.store.delete({ kind: certificateKind, namespace, name: 'web' }, asUser);
  await plane.controllers.idle();
  assert.deepEqual(await requestNames(plane), ['ca-1']);
  assert.notEqual(await plane.secret('web'), undefined);
});

test('with owned Secrets the Secret goes with its Certificate', async (t) => {
  const plane = await startPlaneWithCA({ ownSecrets: true });
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  await plane.store.delete({ kind: certificateKind, namespace, name: 'web' }, asUser);
  await plane.controllers.idle();
  assert.equal(await plane.secret('web'), undefined);
});

test('dependents of dependents go too', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  const child = await configMap(plane, 'child', [await configMap(plane, 'top')]);
  await configMap(plane, 'grandchild', [child]);
  await remove(plane, 'top', 'Background');
  await plane.controllers.idle();
  assert.equal(await get(plane, 'child'), undefined);
  assert.equal(await get(plane, 'grandchild'), undefined);
});

test('a kind of which nothing had an owner is searched when something has', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  await configMap(plane, 'alone');
  await remove(plane, 'alone', 'Background');
  await plane.controllers.idle();
  await configMap(plane, 'child', [await configMap(plane, 'top')]);
  await plane.controllers.idle();
  await remove(plane, 'top', 'Background');
  await plane.controllers.idle();
  assert.equal(await get(plane, 'child'), undefined);
});

test('an object with another owner stays, and forgets the one that went', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  const [one, two] = [await configMap(plane, 'one'), await configMap(plane, 'two')];
  await configMap(plane, 'child', [one, two]);
  await remove(plane, 'one', 'Background');
  await plane.controllers.idle();
  const owners = (await get(plane, 'child'))?.metadata.ownerReferences;
  assert.deepEqual(
    owners?.map(({ name }) => name),
    ['two'],
  );
});

test('foreground deletion keeps the owner until its dependents are gone', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  await configMap(plane, 'child', [await configMap(plane, 'top')]);
  await plane.store.patch(
    { kind: configMapKind, namespace, name: 'child' },
    { type: 'merge', body: { metadata: { finalizers: ['example.com/hold'] } } },
    asUser,
  );
  await remove(plane, 'top', 'Foreground');
  await plane.pass(1000);
  assert.notEqual(await get(plane, 'top'), undefined);
  assert.notEqual((await get(plane, 'child'))?.metadata.deletionTimestamp, undefined);
  await plane.store.patch(
    { kind: configMapKind, namespace, name: 'child' },
    { type: 'merge', body: { metadata: { finalizers: null } } },
    asUser,
  );
  await plane.pass(1000);
  assert.equal(await get(plane, 'child'), undefined);
  assert.equal(await get(plane, 'top'), undefined);
});

test('orphan deletion sets the dependents free', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  await configMap(plane, 'child', [await configMap(plane, 'top')]);
  await remove(plane, 'top', 'Orphan');
  await plane.pass(1000);
  assert.equal(await get(plane, 'top'), undefined);
  assert.deepEqual((await get(plane, 'child'))?.metadata.ownerReferences ?? [], []);
});

test('an object that is made for an owner who is already gone is collected', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  const top = await configMap(plane, 'top');
  await remove(plane, 'top', 'Background');
  await plane.controllers.idle();
  await configMap(plane, 'late', [top]);
  await plane.controllers.idle();
  assert.equal(await get(plane, 'late'), undefined);
});

test('an owner of an unknown kind counts as there', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  const stranger = {
    apiVersion: 'other.example/v1',
    kind: 'Thing',
    metadata: { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  };
  await configMap(plane, 'kept', [stranger]);
  await plane.controllers.idle();
  assert.notEqual(await get(plane, 'kept'), undefined);
  assert.deepEqual(await plane.all(certificateRequestKind), []);
});
