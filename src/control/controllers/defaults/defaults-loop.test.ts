import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionOf } from '#model/objects';
import type { Condition, KubeObject } from '#model/objects';
import {
  gatewayKind,
  keystoreKind,
  systemNamespace,
  tlsClientProfileKind,
  tlsServerProfileKind,
  truststoreKind,
} from '#model/resources';
import type { Kind } from '#model/resources';
import { startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';

interface Titled extends KubeObject {
  readonly spec: { readonly title?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

async function titles<T extends Titled>(plane: TestPlane, kind: Kind<T>): Promise<string[]> {
  return (await plane.all(kind)).map(({ spec }) => String(spec.title)).toSorted();
}

async function readiness<T extends Titled>(plane: TestPlane, kind: Kind<T>, name: string): Promise<string> {
  const found = await plane.store.get({ kind, namespace: systemNamespace, name });
  const ready = conditionOf(found?.status?.conditions, 'Ready');
  return `${ready?.status} ${ready?.reason}: ${ready?.message}`;
}

test('an installation starts with the profiles, stores and gateway that it is documented to have', async (t) => {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  assert.deepEqual(await titles(plane, tlsServerProfileKind), ['Default TLS server profile']);
  assert.deepEqual(await titles(plane, tlsClientProfileKind), [
    'Analytics ingestion TLS client profile',
    'Default TLS client profile',
    'Gateway management client TLS client profile',
    'Portal Director TLS client profile',
  ]);
  assert.deepEqual(await titles(plane, keystoreKind), [
    'Analytics ingestion',
    'Default TLS server keystore',
    'Default keystore for access_token signing key',
    'Default keystore for id_token signing key',
    'Default keystore for self signed token signing key',
    'Default keystore for temporary token signing key',
    'Gateway mgmt',
    'Portal director',
  ]);
  assert.deepEqual(await titles(plane, truststoreKind), [
    'Analytics ingestion',
    'Gateway management client truststore',
    'Portal director',
  ]);
  assert.deepEqual(await titles(plane, gatewayKind), ['Default gateway']);
});

test('the keys that are made here are ready by themselves; the rest says which Certificate it waits for', async (t) => {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  for (const name of [
    'default-tls-server-keystore',
    'default-id-token-signing-key',
    'default-access-token-signing-key',
  ]) {
    assert.match(await readiness(plane, keystoreKind, name), /^True/, name);
  }
  assert.match(
    await readiness(plane, keystoreKind, 'gateway-mgmt'),
    /^False CertificateNotFound: waits for .*gw-dr-client in any/,
  );
  assert.match(
    await readiness(plane, truststoreKind, 'portal-director'),
    /^False CertificateNotFound: waits for .*ingress-ca in any/,
  );
});

test('a default store follows its Certificate into whatever namespace it appears in', async (t) => {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  await plane.declare('gw-dr-client');
  await plane.declare('ingress-ca', { isCA: true, commonName: 'ingress', dnsNames: [] });
  await plane.controllers.idle();
  assert.match(await readiness(plane, keystoreKind, 'gateway-mgmt'), /^True/);
  assert.match(await readiness(plane, truststoreKind, 'gateway-management-client'), /^True/);
  const ref = { kind: truststoreKind, namespace: systemNamespace, name: 'portal-director' };
  assert.deepEqual((await plane.store.get(ref))!.spec.sources, [
    { certificateRef: { name: 'ingress-ca', namespace: 'apic' } },
  ]);
  await plane.declare('root-ca', { isCA: true, commonName: 'root', dnsNames: [] });
  await plane.controllers.idle();
  assert.equal((await plane.store.get(ref))!.spec.sources.length, 2);
});

test('a second start writes nothing', async (t) => {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  const before = await plane.all(keystoreKind);
  await plane.controllers.stop();
  await plane.restart();
  await plane.controllers.idle();
  assert.deepEqual(await plane.all(keystoreKind), before);
});
