import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateKind, configMapKind, namespaceKind, secretKind } from '#model/resources';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';

test('the namespaces default and chancery-system are there from the start', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const names = (await plane.all(namespaceKind)).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, [namespace, 'chancery-system', 'default']);
});

test('a deleted namespace is emptied and then gone', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  await plane.store.delete({ kind: namespaceKind, name: namespace }, asUser);
  for (let turn = 0; turn < 5; turn += 1) await plane.pass(1000);
  assert.equal(await plane.store.get({ kind: namespaceKind, name: namespace }), undefined);
  assert.deepEqual(await plane.all(certificateKind), []);
  assert.deepEqual(await plane.all(secretKind), []);
});

test('a namespace waits for what a finalizer holds', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.com/hold'] } };
  await plane.store.create({ kind: configMapKind, namespace }, held, asUser);
  await plane.store.delete({ kind: namespaceKind, name: namespace }, asUser);
  for (let turn = 0; turn < 5; turn += 1) await plane.pass(1000);
  const waiting = await plane.store.get({ kind: namespaceKind, name: namespace });
  assert.equal(waiting?.status?.phase, 'Terminating');
  const ref = { kind: configMapKind, namespace, name: 'held' };
  await plane.store.patch(ref, { type: 'merge', body: { metadata: { finalizers: null } } }, asUser);
  for (let turn = 0; turn < 5; turn += 1) await plane.pass(1000);
  assert.equal(await plane.store.get({ kind: namespaceKind, name: namespace }), undefined);
});
