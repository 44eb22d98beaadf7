import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import { issuerKind, secretKind } from '#model/resources';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

async function ready(plane: TestPlane, name: string): Promise<string> {
  const issuer = await plane.store.get({ kind: issuerKind, namespace, name });
  const condition = conditionOf(issuer?.status?.conditions, 'Ready');
  return `${condition?.status} ${condition?.reason}`;
}

test('a CA issuer follows its Secret: lost, spoiled, back', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  assert.equal(await ready(plane, 'ca'), 'True KeyPairVerified');
  const { data = {}, type } = (await plane.secret('ca'))!;
  await plane.declareIssuer('copy', { ca: { secretName: 'copy' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'copy'), 'False ErrGetKeyPair');
  const copy = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'copy' }, type: type!, data };
  await plane.store.create({ kind: secretKind, namespace }, copy, asUser);
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'copy'), 'True KeyPairVerified');
  const ref = { kind: secretKind, namespace, name: 'copy' };
  await plane.store.patch(ref, { type: 'merge', body: { data: { 'tls.crt': 'AAAA' } } }, asUser);
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'copy'), 'False ErrInvalidKeyPair');
  await plane.store.delete(ref, asUser);
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'copy'), 'False ErrGetKeyPair');
});

test('an issuer stops being ready when its CA expires', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const { data = {}, type } = (await plane.secret('ca'))!;
  const old = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'old' }, type: type!, data };
  await plane.store.create({ kind: secretKind, namespace }, old, asUser);
  await plane.declareIssuer('old', { ca: { secretName: 'old' } });
  await plane.controllers.idle();
  const issuer = await plane.store.get({ kind: issuerKind, namespace, name: 'old' });
  const end = Date.parse(issuer!.status!.ca!.notAfter!);
  plane.clock.advance(end + 2000 - plane.clock.now().getTime());
  await plane.pass(0);
  assert.equal(await ready(plane, 'old'), 'False ErrInvalidKeyPair');
});

test('issuers of other types are kept and say that they do not sign', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declareIssuer('acme', { acme: { server: 'https://acme.example' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'acme'), 'False UnsupportedType');
});
