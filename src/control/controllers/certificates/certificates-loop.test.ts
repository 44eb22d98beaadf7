import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '#pki/issuance';
import { generateKey, parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import { certificateKind, certificateRequestKind, secretKind } from '#model/resources';
import type { Certificate } from '#model/resources';
import { asUser, condition, namespace, requestNames, startPlane, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

const day = 86_400_000;
const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

async function edit(plane: TestPlane, name: string, change: (object: Certificate) => object): Promise<void> {
  const object = await plane.certificate(name);
  await plane.store.update({ kind: certificateKind, namespace, name }, { ...object, ...change(object) }, asUser);
  await plane.controllers.idle();
}

test('a Certificate is issued in three writes, and its key Secret never exists', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  const before = Number(await plane.store.currentRevision());
  await plane.controllers.idle();
  assert.equal(Number(await plane.store.currentRevision()) - before, 3);
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
  assert.deepEqual(
    (await plane.all(secretKind)).map(({ metadata }) => metadata.name),
    ['ca', 'web'],
  );
  assert.deepEqual(plane.warnings, []);
});

test('the stored pair is signed by the CA, for the names asked for', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const { data = {} } = (await plane.secret('web'))!;
  const [leaf] = parseCertificatesPEM(text(data['tls.crt']));
  const [ca] = parseCertificatesPEM(text(data['ca.crt']));
  assert(leaf!.isSignedBy(ca!));
  assert.deepEqual(leaf!.subjectAltNames.dnsNames, ['web.example']);
  assert(parsePrivateKeyPEM(text(data['tls.key'])).matches(leaf!.spki));
  assert.equal((await plane.certificate('web')).status?.notAfter, `${leaf!.notAfter.toISOString().slice(0, 19)}Z`);
});

test('issuer, CA and leaf may be declared in any order', async (t) => {
  const plane = await startPlane();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'False DoesNotExist');
  const keys = (await plane.all(secretKind)).map(
    ({ metadata }) => metadata.labels?.['cert-manager.io/next-private-key'],
  );
  assert.deepEqual(keys, ['true']);
  await plane.declareIssuer('ca', { ca: { secretName: 'ca' } });
  await plane.declare('ca', { isCA: true, commonName: 'ca', issuerRef: { name: 'self' } });
  await plane.controllers.idle();
  await plane.declareIssuer('self', { selfSigned: {} });
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
  assert.deepEqual(
    (await plane.all(secretKind)).map(({ metadata }) => metadata.name),
    ['ca', 'web'],
  );
});

test('a Certificate renews a little before its renewal time, as the next revision, with a new key', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const first = (await plane.secret('web'))!.data!;
  await plane.pass(60 * day - 3700_000);
  assert.equal((await plane.certificate('web')).status?.revision, 1);
  await plane.pass(3700_000);
  const renewed = await plane.certificate('web');
  assert.equal(renewed.status?.revision, 2);
  assert.equal(condition(renewed, 'Ready'), 'True Ready');
  assert.notEqual((await plane.secret('web'))!.data!['tls.key'], first['tls.key']);
  assert((await requestNames(plane)).includes('web-2') && !(await requestNames(plane)).includes('web-1'));
});

test('a short-lived Certificate keeps renewing', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web', { duration: '1h' });
  await plane.controllers.idle();
  for (let hour = 0; hour < 6; hour += 1) await plane.pass(40 * 60_000);
  assert.equal((await plane.certificate('web')).status?.revision, 7);
});

test('changing the spec issues again; changing the template only writes the Secret', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const before = (await plane.secret('web'))!;
  await edit(plane, 'web', ({ spec }) => ({ spec: { ...spec, secretTemplate: { labels: { team: 'a' } } } }));
  const labelled = (await plane.secret('web'))!;
  assert.equal(labelled.metadata.labels?.['team'], 'a');
  assert.equal(labelled.data!['tls.crt'], before.data!['tls.crt']);
  await edit(plane, 'web', ({ spec }) => ({ spec: { ...spec, dnsNames: ['new.example'], secretTemplate: {} } }));
  const certificate = await plane.certificate('web');
  assert.equal(certificate.status?.revision, 2);
  assert.equal(condition(certificate, 'Ready'), 'True Ready');
  assert.equal((await plane.secret('web'))!.metadata.labels?.['team'], undefined);
});

test('a Secret that is deleted or spoiled is issued again; keys of others in it are kept', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const ref = { kind: secretKind, namespace, name: 'web' };
  await plane.store.patch(ref, { type: 'merge', body: { data: { theirs: 'AA==', 'tls.crt': 'AA==' } } }, asUser);
  await plane.controllers.idle();
  assert.equal((await plane.certificate('web')).status?.revision, 2);
  assert.equal((await plane.secret('web'))!.data!['theirs'], 'AA==');
  await plane.store.delete(ref, asUser);
  await plane.controllers.idle();
  assert.equal((await plane.certificate('web')).status?.revision, 3);
  assert.equal((await plane.secret('web'))!.data!['theirs'], undefined);
});

test('two Certificates with one Secret: the older is issued, the other takes over when it is deleted', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('first', { secretName: 'shared' });
  plane.clock.advance(1000);
  await plane.declare('second', { secretName: 'shared' });
  await plane.pass(10 * 60_000);
  assert.deepEqual(await requestNames(plane), ['ca-1', 'first-1']);
  assert.equal(condition(await plane.certificate('second'), 'Ready'), 'False IncorrectCertificate');
  await plane.store.delete({ kind: certificateKind, namespace, name: 'first' }, asUser);
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('second'), 'Ready'), 'True Ready');
});

test('of Certificates that name one Secret at the same time one is issued, and the others say whose it is', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const names = ['one', 'two', 'three'];
  await Promise.all(names.map((name) => plane.declare(name, { secretName: 'shared' })));
  await plane.controllers.idle();
  const ready = await Promise.all(names.map(async (name) => String(condition(await plane.certificate(name), 'Ready'))));
  assert.equal(ready.filter((text) => text === 'True Ready').length, 1);
  assert.equal(ready.filter((text) => text === 'False IncorrectCertificate').length, 2);
});

test('without the own approver the Certificate waits for approval, and goes on after it', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.controllers.stop();
  await plane.restart({ autoApprove: false });
  await plane.declare('web');
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Issuing'), 'True DoesNotExist');
  const request = (await plane.all(certificateRequestKind)).find(({ metadata }) => metadata.name === 'web-1');
  const conditions = [{ type: 'Approved', status: 'True' as const, reason: 'Me', message: 'fine' }];
  const ref = { kind: certificateRequestKind, namespace, name: 'web-1' };
  await plane.store.update(
    ref,
    { ...request!, status: { ...request!.status, conditions } },
    { ...asUser, subresource: 'status' },
  );
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
});

test('a denied request fails the Certificate, which tries again after the back-off', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.controllers.stop();
  await plane.restart({ autoApprove: false });
  await plane.declare('web');
  await plane.controllers.idle();
  const ref = { kind: certificateRequestKind, namespace, name: 'web-1' };
  const request = (await plane.store.get(ref))!;
  const conditions = [{ type: 'Denied', status: 'True' as const, reason: 'Policy', message: 'never' }];
  await plane.store.update(
    ref,
    { ...request, status: { ...request.status, conditions } },
    { ...asUser, subresource: 'status' },
  );
  await plane.controllers.idle();
  const failed = await plane.certificate('web');
  assert.equal(condition(failed, 'Issuing'), 'False Policy');
  assert.equal(failed.status?.failedIssuanceAttempts, 1);
  await plane.pass(3600_000);
  assert.equal(condition(await plane.certificate('web'), 'Issuing'), 'True DoesNotExist');
  const again = (await plane.store.get(ref))!;
  assert.notEqual(again.metadata.uid, request.metadata.uid);
});

test('a request that breaks a lint fails with the name of the lint', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('bad', { dnsNames: ['not a name'] });
  await plane.controllers.idle();
  const certificate = await plane.certificate('bad');
  assert.equal(condition(certificate, 'Issuing'), 'False Failed');
  const request = (await plane.all(certificateRequestKind)).find(({ metadata }) => metadata.name === 'bad-1');
  assert.match(request?.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '', /san-|dns|names?-/);
});

test('a certificate never outlives its CA, and says so', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('long', { duration: '200000h' });
  await plane.declare('free', { duration: '200000h' }, { annotations: { 'chancery.dev/allow-outliving-ca': 'true' } });
  await plane.controllers.idle();
  assert.equal((await plane.certificate('long')).status?.notAfter, (await plane.certificate('ca')).status?.notAfter);
  assert((await plane.certificate('free')).status!.notAfter! > (await plane.certificate('ca')).status!.notAfter!);
  assert((await plane.events()).includes('CertificateRequest/long-1 CAExpiresFirst'));
});

test('keystores and outputs are written, and open with their password', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const passwordSecretRef = { name: 'pw', key: 'password' };
  await plane.declare('web', {
    keystores: {
      jks: { create: true, passwordSecretRef },
      pkcs12: { create: true, password: 'literal', profile: 'Modern2023' },
    },
    additionalOutputFormats: [{ type: 'DER' }, { type: 'CombinedPEM' }],
  });
  await plane.controllers.idle();
  assert.equal(await plane.secret('web'), undefined);
  assert((await plane.events()).includes('Certificate/web KeystorePasswordSecretNotFound'));
  const data = { password: Buffer.from('changeit').toString('base64') };
  await plane.store.create(
    { kind: secretKind, namespace },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pw' }, data },
    asUser,
  );
  await plane.pass(60_000);
  assert.deepEqual(Object.keys((await plane.secret('web'))!.data!).sort(), [
    'ca.crt',
    'key.der',
    'keystore.jks',
    'keystore.p12',
    'tls-combined.pem',
    'tls.crt',
    'tls.key',
    'truststore.jks',
    'truststore.p12',
  ]);
});

test('a CA that was brought along signs', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  const own = (await plane.secret('ca'))!.data!;
  await plane.store.create(
    { kind: secretKind, namespace },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mine' },
      type: 'kubernetes.io/tls',
      data: { 'tls.key': own['tls.key']!, 'tls.crt': own['tls.crt']! },
    },
    asUser,
  );
  await plane.declareIssuer('mine', { ca: { secretName: 'mine' } });
  await plane.declare('web', { issuerRef: { name: 'mine' } });
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
  assert.doesNotThrow(() =>
    createAuthority(parseCertificatesPEM(text(own['tls.crt'])), parsePrivateKeyPEM(text(own['tls.key']))),
  );
  assert.equal(generateKey({ algorithm: 'ECDSA', size: 256 }).matches(new Uint8Array()), false);
});

test('a ClusterIssuer signs with a Secret of its own namespace', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.controllers.stop();
  await plane.restart({ clusterResourceNamespace: namespace });
  await plane.declareIssuer('wide', { ca: { secretName: 'ca' } }, 'ClusterIssuer');
  await plane.declare('web', { issuerRef: { name: 'wide', kind: 'ClusterIssuer' } });
  await plane.controllers.idle();
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'True Ready');
});

test('a restart finds what is due and what is unfinished, and leaves the rest alone', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.declare('waiting', { issuerRef: { name: 'later' } });
  await plane.controllers.idle();
  await plane.controllers.stop();
  plane.clock.advance(61 * day);
  await plane.declareIssuer('later', { selfSigned: {} });
  await plane.restart();
  await plane.controllers.idle();
  assert.equal((await plane.certificate('web')).status?.revision, 2);
  assert.equal(condition(await plane.certificate('waiting'), 'Ready'), 'True Ready');
});

test('a Certificate that keeps failing is tried again after each back-off', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('bad', { dnsNames: ['not a name'] });
  await plane.controllers.idle();
  for (let attempt = 1; attempt <= 7; attempt += 1) {
    assert.equal((await plane.certificate('bad')).status?.failedIssuanceAttempts, attempt);
    await plane.pass(Math.min(32, 2 ** (attempt - 1)) * 3600_000);
  }
});

test('a Certificate that is not renewed is no longer Ready once it has expired, also after a restart', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web', { renewal: { policy: 'Disabled' } });
  await plane.controllers.idle();
  await plane.controllers.stop();
  await plane.restart();
  for (let days = 0; days < 91; days += 1) await plane.pass(day);
  assert.equal(condition(await plane.certificate('web'), 'Ready'), 'False Expired');
});

test('metrics tell of every Certificate and of the CA behind each issuer', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('web');
  await plane.controllers.idle();
  const text = await plane.metrics.metrics();
  const labels = 'name="web",namespace="apic",issuer_name="ca",issuer_kind="Issuer",issuer_group="cert-manager.io"';
  assert(text.includes(`certmanager_certificate_ready_status{${labels},condition="True"} 1`));
  assert(text.includes(`certmanager_certificate_not_after_timestamp_seconds{${labels}} 1775001600`));
  assert(
    text.includes(
      'chancery_issuer_ca_not_after_timestamp_seconds{name="ca",namespace="apic",kind="Issuer"} 2082585600',
    ),
  );
  await plane.store.delete({ kind: certificateKind, namespace, name: 'web' }, asUser);
  await plane.controllers.idle();
  assert(!(await plane.metrics.metrics()).includes('name="web"'));
});
