import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { conditionOf } from '#model/objects';
import { certificateKind, secretKind } from '#model/resources';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import { readKeystoreMaterial, writeKeystoreMaterial } from '#pki/material';
import { WorkerCrypto } from '#control/runtime';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, create, get, remove } from '../test-tls-objects.ts';

async function started(t: TestContext, options: object = {}): Promise<TestPlane> {
  const plane = await startPlaneWithCA(options);
  t.after(() => plane.stop());
  return plane;
}

async function ready(plane: TestPlane, kind: 'Keystore' | 'Truststore', name: string): Promise<string> {
  const { status } = await get(plane, kind, name);
  const condition = conditionOf(status?.conditions, 'Ready');
  return `${condition?.status} ${condition?.reason}`;
}

/** How often the loop has run so far. */
async function runs(plane: TestPlane): Promise<number> {
  const { values } = await plane.metrics.getSingleMetric('certmanager_controller_sync_call_count')!.get();
  return values.find(({ labels }) => labels['controller'] === 'stores')?.value ?? 0;
}

function addSecret(plane: TestPlane, name: string, data: Record<string, Uint8Array | string>): Promise<unknown> {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', data: encoded };
  return plane.store.create({ kind: secretKind, namespace }, secret, asUser);
}

/** The key and chain of a Certificate's Secret as a PKCS#12 file. */
async function pkcs12Of(plane: TestPlane, name: string, password: string): Promise<Uint8Array> {
  const { data = {} } = (await plane.secret(name))!;
  const text = (key: string): string => Buffer.from(data[key]!, 'base64').toString();
  const files = [Buffer.from(text('tls.crt') + text('tls.key'))];
  const { entries } = readKeystoreMaterial(files, { now: plane.clock.now() });
  const [file] = writeKeystoreMaterial(entries, {
    format: 'PKCS12',
    password,
    random: randomBytes,
    now: plane.clock.now(),
  });
  return file!.bytes;
}

test('a keystore follows its Certificate: waited for, issued, renewed', async (t) => {
  const plane = await started(t);
  await create(plane, 'Keystore', 'web', { certificateRef: { name: 'web' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'web'), 'False CertificateNotFound');
  await plane.declare('web');
  await plane.controllers.idle();
  const first = (await get(plane, 'Keystore', 'web')).status!;
  assert.equal(await ready(plane, 'Keystore', 'web'), 'True Verified');
  assert.equal(first.secretName, `${namespace}/web`);
  const { notAfter } = (await plane.certificate('web')).status!;
  assert.equal(first.notAfter, notAfter);
  for (let days = 0; days < 61; days += 1) await plane.pass(24 * 3600_000);
  const renewed = (await get(plane, 'Keystore', 'web')).status!;
  assert.notEqual(renewed.entries![0]!.fingerprint, first.entries![0]!.fingerprint);
});

test('a change reaches what is made of it over any number of stores, and nothing else', async (t) => {
  const plane = await started(t);
  await plane.declare('web');
  await create(plane, 'Keystore', 'web', { certificateRef: { name: 'web' } });
  await create(plane, 'Keystore', 'same', { keystoreRef: { name: 'web' } });
  await create(plane, 'Truststore', 'pinned', { sources: [{ keystoreRef: { name: 'same' } }] });
  await create(plane, 'Truststore', 'nested', {
    sources: [{ truststoreRef: { name: 'pinned' } }, { certificateRef: { name: 'ca' } }],
  });
  await plane.controllers.idle();
  const fingerprints = async (): Promise<string[]> =>
    (await get(plane, 'Truststore', 'nested')).status!.entries!.map(({ fingerprint }) => fingerprint);
  const before = await fingerprints();
  assert.equal(before.length, 2);
  await plane.store.delete({ kind: secretKind, namespace, name: 'web' }, asUser);
  await plane.controllers.idle();
  const after = await fingerprints();
  assert.notEqual(after[0], before[0]);
  assert.equal(after[1], before[1]);
  const count = await runs(plane);
  await plane.declare('unrelated');
  await addSecret(plane, 'unrelated-too', { 'tls.crt': 'x' });
  await plane.controllers.idle();
  assert.equal(await runs(plane), count);
});

test('a file with a password is read by a worker, and a wrong password is told without what it is', async (t) => {
  const crypto = new WorkerCrypto({ workers: 1, readyKeys: 0 });
  const plane = await started(t, { crypto });
  t.after(() => crypto.close());
  await plane.declare('web');
  await plane.controllers.idle();
  await addSecret(plane, 'file', {
    'web.p12': await pkcs12Of(plane, 'web', 'correct horse'),
    password: 'wrong battery',
  });
  const secretRef = { name: 'file', key: 'web.p12' };
  await create(plane, 'Keystore', 'web', { secretRef, passwordRef: { name: 'file', key: 'password' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'web'), 'False PasswordWrong');
  assert(!JSON.stringify(await get(plane, 'Keystore', 'web')).includes('battery'));
  const data = { password: Buffer.from('correct horse').toString('base64') };
  const ref = { kind: secretKind, namespace, name: 'file' };
  await plane.store.patch(ref, { type: 'merge', body: { data } }, asUser);
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'web'), 'True Verified');
  const { format, entries } = (await get(plane, 'Keystore', 'web')).status!;
  assert.equal(format, 'PKCS12');
  assert.deepEqual(entries![0]!.dnsNames, ['web.example']);
});

test('a keystore whose certificate expires stops being ready, and says beforehand that it will', async (t) => {
  const plane = await started(t);
  await plane.declare('web');
  await plane.controllers.idle();
  const { data = {} } = (await plane.secret('web'))!;
  const text = (key: string): string => Buffer.from(data[key]!, 'base64').toString();
  await addSecret(plane, 'copy', { 'tls.crt': text('tls.crt'), 'tls.key': text('tls.key') });
  await create(plane, 'Keystore', 'copy', { secretRef: { name: 'copy' } });
  await plane.controllers.idle();
  const { status } = await get(plane, 'Keystore', 'copy');
  const left = Date.parse(status!.notAfter!) - plane.clock.now().getTime();
  await plane.pass(left - 3600_000);
  const expiring = conditionOf((await get(plane, 'Keystore', 'copy')).status?.conditions, 'Expiring');
  assert.equal(`${expiring?.status} ${expiring?.reason}`, 'True CertificateExpiring');
  assert.equal(await ready(plane, 'Keystore', 'copy'), 'True Verified');
  await plane.pass(3600_000 + 1000);
  assert.equal(await ready(plane, 'Keystore', 'copy'), 'False Expired');
});

test('stores that refer to each other in a circle say so, and do not turn in it', async (t) => {
  const plane = await started(t);
  await create(plane, 'Keystore', 'one', { keystoreRef: { name: 'two' } });
  await create(plane, 'Keystore', 'two', { keystoreRef: { name: 'one' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'one'), 'False ReferenceCycle');
  assert.equal(await ready(plane, 'Keystore', 'two'), 'False ReferenceCycle');
  await plane.declare('web');
  await change(plane, 'Keystore', 'two', { keystoreRef: null, certificateRef: { name: 'web' } });
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'one'), 'True Verified');
});

test('what changed while nobody watched is found at the start', async (t) => {
  const plane = await started(t);
  await plane.declare('web');
  await create(plane, 'Keystore', 'web', { certificateRef: { name: 'web' } });
  await create(plane, 'Truststore', 'gone', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  await plane.controllers.stop();
  await remove(plane, 'Truststore', 'gone');
  await plane.store.delete({ kind: certificateKind, namespace, name: 'web' }, asUser);
  await plane.restart();
  await plane.controllers.idle();
  assert.equal(await ready(plane, 'Keystore', 'web'), 'False CertificateNotFound');
});

test('no status and no Event of a store holds a byte of its key', async (t) => {
  const plane = await started(t);
  await plane.declare('web');
  await create(plane, 'Keystore', 'web', { certificateRef: { name: 'web' } });
  await plane.controllers.idle();
  const { data = {} } = (await plane.secret('web'))!;
  const pem = Buffer.from(data['tls.key']!, 'base64').toString();
  const inner = pem.split('\n').slice(1, -2).join('');
  assert.notEqual(parsePrivateKeyPEM(pem), undefined);
  assert.equal(parseCertificatesPEM(Buffer.from(data['tls.crt']!, 'base64')).length > 0, true);
  const told = JSON.stringify([await get(plane, 'Keystore', 'web'), await plane.events(), plane.warnings]);
  for (let start = 0; start + 24 <= inner.length; start += 8) assert(!told.includes(inner.slice(start, start + 24)));
});
