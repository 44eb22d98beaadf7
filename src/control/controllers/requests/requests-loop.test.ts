import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import {
  buildCertificateRequest,
  encodeName,
  formatCertificateRequestPEM,
  generateKey,
  nameFromSubject,
  parseCertificatesPEM,
} from '#pki/x509';
import type { PrivateKey } from '#pki/x509';
import { certificateRequestKind, secretKind } from '#model/resources';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

async function request(plane: TestPlane, key: PrivateKey, issuer: string, annotations = {}): Promise<void> {
  const subject = encodeName(nameFromSubject({ commonName: 'by hand' }));
  const pem = formatCertificateRequestPEM(buildCertificateRequest(key, { subject }));
  const spec = { request: Buffer.from(pem).toString('base64'), issuerRef: { name: issuer } };
  const object = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    metadata: { name: 'mine', annotations },
    spec,
  };
  await plane.store.create({ kind: certificateRequestKind, namespace }, object, asUser);
  await plane.controllers.idle();
}

async function result(plane: TestPlane) {
  const found = await plane.store.get({ kind: certificateRequestKind, namespace, name: 'mine' });
  const { reason, message } = conditionOf(found?.status?.conditions, 'Ready') ?? {};
  return {
    reason,
    message,
    certificate: found?.status?.certificate,
    approved: conditionOf(found?.status?.conditions, 'Approved')?.status,
  };
}

const key = generateKey({ algorithm: 'ECDSA', size: 256 });

test('a request made by hand is approved and signed', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await request(plane, key, 'ca');
  const { reason, approved, certificate } = await result(plane);
  assert.deepEqual([reason, approved], ['Issued', 'True']);
  const [leaf] = parseCertificatesPEM(Buffer.from(certificate!, 'base64'));
  assert.equal(leaf?.commonName, 'by hand');
});

test('a request for an issuer that comes later waits for it', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await request(plane, key, 'later');
  assert.equal((await result(plane)).reason, 'Pending');
  await plane.declareIssuer('later', { ca: { secretName: 'ca' } });
  await plane.controllers.idle();
  assert.equal((await result(plane)).reason, 'Issued');
});

test('a self-signed request waits for the Secret with its key', async (t) => {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await request(plane, key, 'self', { 'cert-manager.io/private-key-secret-name': 'my-key' });
  assert.equal((await result(plane)).message, 'Referenced secret apic/my-key not found: secrets "my-key" not found');
  const data = { 'tls.key': Buffer.from(key.toPEM('PKCS8')).toString('base64') };
  await plane.store.create(
    { kind: secretKind, namespace },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'my-key' }, data },
    asUser,
  );
  await plane.controllers.idle();
  assert.equal((await result(plane)).reason, 'Issued');
});
