import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isOwnedBy } from '#model/objects';
import { configMapKind, secretKind } from '#model/resources';
import type { ConfigMap, TrustBundle } from '#model/resources';
import { readTruststoreMaterial } from '#pki/material';
import { parseCertificatesPEM } from '#pki/x509';
import { asUser, condition, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, create, get } from '../test-tls-objects.ts';
import { certificateIn } from '../rotations/test-estate.ts';

async function started(t: TestContext): Promise<TestPlane> {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  return plane;
}

const bundle = (plane: TestPlane, name = 'roots'): Promise<TrustBundle> => get(plane, 'TrustBundle', name);

const configMap = (plane: TestPlane, name = 'roots'): Promise<ConfigMap | undefined> =>
  plane.store.get({ kind: configMapKind, namespace, name });

async function written(plane: TestPlane): Promise<string[]> {
  const text = (await configMap(plane))?.data?.['ca-bundle.crt'] ?? '';
  return text === '' ? [] : parseCertificatesPEM(text).map(({ fingerprint }) => fingerprint);
}

test('a bundle waits for its source, tells what it trusts, and is written into a ConfigMap that it owns', async (t) => {
  const plane = await started(t);
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'second' } }] });
  await plane.controllers.idle();
  assert.equal(condition(await bundle(plane), 'Ready'), 'False CertificateNotFound');
  assert.equal(await configMap(plane), undefined);
  await plane.declare('second', { isCA: true, commonName: 'second', dnsNames: [], issuerRef: { name: 'self' } });
  await plane.controllers.idle();
  const { fingerprint } = await certificateIn(plane, 'second');
  const { status } = await bundle(plane);
  assert.equal(condition(await bundle(plane), 'Ready'), 'True Verified');
  assert.deepEqual([status?.bundleGeneration, status?.count], [1, 1]);
  assert.deepEqual(await written(plane), [fingerprint]);
  assert(isOwnedBy((await configMap(plane))!, await bundle(plane), true));
});

test('a source that changes adds; what it gave before stays until it is forgotten', async (t) => {
  const plane = await started(t);
  await plane.declare('second', { isCA: true, commonName: 'second', dnsNames: [], issuerRef: { name: 'self' } });
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  const [first, second] = [await certificateIn(plane, 'ca'), await certificateIn(plane, 'second')];
  await change(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'second' } }] });
  await plane.controllers.idle();
  assert.deepEqual(await written(plane), [first.fingerprint, second.fingerprint]);
  await change(plane, 'TrustBundle', 'roots', { forget: [first.fingerprint] });
  await plane.controllers.idle();
  assert.deepEqual(await written(plane), [second.fingerprint]);
  assert.equal((await bundle(plane)).status?.bundleGeneration, 3);
  assert((await plane.events()).includes('TrustBundle/roots TrustChanged'));
});

test('bundles made of bundles follow them', async (t) => {
  const plane = await started(t);
  await create(plane, 'TrustBundle', 'all', { sources: [{ trustBundleRef: { name: 'roots' } }] });
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  assert.equal((await bundle(plane, 'all')).status?.count, 1);
});

test('what somebody else made is not written over, and is named', async (t) => {
  const plane = await started(t);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'roots' }, data: { mine: 'yes' } };
  await plane.store.create({ kind: configMapKind, namespace }, object, asUser);
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  assert.equal(condition(await bundle(plane), 'Ready'), 'False TargetTaken');
  assert.deepEqual((await configMap(plane))?.data, { mine: 'yes' });
  await plane.store.delete({ kind: configMapKind, namespace, name: 'roots' }, asUser);
  await plane.controllers.idle();
  assert.equal((await written(plane)).length, 1);
  assert.equal(condition(await bundle(plane), 'Ready'), 'True Verified');
});

test('what is written comes back when somebody changes or deletes it, and goes when it is written elsewhere', async (t) => {
  const plane = await started(t);
  await create(plane, 'TrustBundle', 'roots', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  const before = await written(plane);
  const ref = { kind: configMapKind, namespace, name: 'roots' };
  await plane.store.patch(ref, { type: 'merge', body: { data: { 'ca-bundle.crt': 'x' } } }, asUser);
  await plane.controllers.idle();
  assert.deepEqual(await written(plane), before);
  await change(plane, 'TrustBundle', 'roots', { target: { secretName: 'roots-files' } });
  await plane.controllers.idle();
  assert.equal(await configMap(plane), undefined);
  assert(Object.hasOwn((await plane.secret('roots-files'))?.data ?? {}, 'ca-bundle.crt'));
});

test('stores with a password wait for it, and are the same as long as nothing is different', async (t) => {
  const plane = await started(t);
  const passwordRef = { name: 'password' };
  const formats = [
    { format: 'pkcs12' as const, key: 'roots.p12', passwordRef },
    { format: 'jks' as const, key: 'roots.jks', passwordRef },
  ];
  await create(plane, 'TrustBundle', 'roots', {
    sources: [{ certificateRef: { name: 'ca' } }],
    target: { secretName: 'files', formats },
  });
  await plane.controllers.idle();
  assert.equal(condition(await bundle(plane), 'Ready'), 'False PasswordNotFound');
  const data = { password: Buffer.from('changeit').toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' }, type: 'Opaque', data };
  await plane.store.create({ kind: secretKind, namespace }, secret, asUser);
  await plane.controllers.idle();
  const files = (await plane.secret('files'))!;
  for (const name of ['roots.p12', 'roots.jks']) {
    const bytes = Buffer.from(files.data?.[name] ?? '', 'base64');
    const { certificates } = readTruststoreMaterial([{ name, bytes }], {
      password: 'changeit',
      now: plane.clock.now(),
    });
    assert.equal(certificates.length, 1);
  }
  await plane.restart();
  await plane.pass(1000);
  assert.equal((await plane.secret('files'))?.metadata.resourceVersion, files.metadata.resourceVersion);
});
