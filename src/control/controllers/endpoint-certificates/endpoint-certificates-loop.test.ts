import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { conditionOf } from '#model/objects';
import { endpointCertificateKind, gatewayNodeKind } from '#model/resources';
import type { EndpointCertificate, GatewayNode } from '#model/resources';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, create, get, remove } from '../test-tls-objects.ts';

type NodeStatus = NonNullable<GatewayNode['status']>;
type Status = NonNullable<EndpointCertificate['status']>;

async function planeWithBackend(t: TestContext): Promise<{ plane: TestPlane; pem: string }> {
  const plane = await startPlaneWithCA();
  t.after(() => plane.stop());
  await plane.declare('backend');
  await plane.controllers.idle();
  const { data = {} } = (await plane.secret('backend'))!;
  return { plane, pem: Buffer.from(data['tls.crt']!, 'base64').toString() };
}

function add(plane: TestPlane, name: string, endpoint: string, certificate: string): Promise<void> {
  return create(plane, 'EndpointCertificate', name, { alias: name, endpoint, certificate });
}

function addAPI(plane: TestPlane, name: string, url: string): Promise<void> {
  return create(plane, 'API', name, { version: '1.0.0', basePath: `/${name}`, endpoints: { production: { url } } });
}

async function addGateway(plane: TestPlane, ...nodes: readonly string[]): Promise<void> {
  await create(plane, 'Gateway', 'edge', { sni: [{ host: '*', tlsServerProfileRef: { name: 'edge' } }] });
  for (const name of nodes) await create(plane, 'GatewayNode', name, { gatewayRef: { name: 'edge' } });
}

/** A node reports how far it is with an endpoint certificate. */
async function report(plane: TestPlane, node: string, name: string, state: 'loaded' | 'proven'): Promise<void> {
  const endpointCertificates = [{ name, namespace, fingerprint: 'ab', generation: 1 }];
  const endpoints = [{ endpoint: 'backend.example:8443', apis: [], endpointCertificates, state }];
  const status: NodeStatus = { endpoints };
  const ref = { kind: gatewayNodeKind, namespace, name: node };
  await plane.store.patch(ref, { type: 'merge', body: { status } }, { ...asUser, subresource: 'status' });
}

async function statusOf(plane: TestPlane, name: string): Promise<Status> {
  return (await get(plane, 'EndpointCertificate', name)).status ?? {};
}

test('its status says what it is, where it counts and that it is in force', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await add(plane, 'payments', 'https://backend.example:8443/v1', pem);
  await add(plane, 'whole-host', 'Backend.Example', pem);
  await plane.controllers.idle();
  const status = await statusOf(plane, 'payments');
  assert.equal(conditionOf(status.conditions, 'Ready')?.reason, 'InForce');
  assert.equal(status.appliesTo, 'backend.example:8443');
  assert.deepEqual(status.certificates?.[0]?.dnsNames, ['backend.example']);
  assert.equal(status.certificates[0].notAfter, status.notAfter);
  assert.deepEqual([status.usedByCount, status.nodes], [0, { desired: 0, loaded: 0, proven: 0 }]);
  assert.equal((await statusOf(plane, 'whole-host')).appliesTo, 'backend.example, every port');
});

test('those that hold the same certificate say so of each other, and stop when one goes', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await Promise.all([add(plane, 'one', 'a.example:443', pem), add(plane, 'two', 'b.example:443', pem)]);
  await plane.controllers.idle();
  assert.deepEqual((await statusOf(plane, 'one')).sharedWith, [`${namespace}/two`]);
  assert.deepEqual((await statusOf(plane, 'two')).sharedWith, [`${namespace}/one`]);
  await remove(plane, 'EndpointCertificate', 'two');
  await plane.controllers.idle();
  assert.deepEqual((await statusOf(plane, 'one')).sharedWith, []);
});

test('an API with a backend at the endpoint uses it, and no longer when it moves away', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await add(plane, 'payments', 'backend.example:8443', pem);
  await add(plane, 'whole-host', 'backend.example', pem);
  await addAPI(plane, 'pay', 'https://backend.example:8443/v1');
  await addAPI(plane, 'other', 'https://backend.example:9443/v1');
  await plane.controllers.idle();
  assert.deepEqual((await statusOf(plane, 'payments')).usedBy, [`API ${namespace}/pay`]);
  assert.equal((await statusOf(plane, 'whole-host')).usedByCount, 2);
  await change(plane, 'API', 'pay', { endpoints: { production: { url: 'https://elsewhere.example/' } } });
  await plane.controllers.idle();
  assert.deepEqual((await statusOf(plane, 'payments')).usedBy, []);
});

test('it counts the nodes that shall use it, have loaded and have proven it, and names those that lag', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await addGateway(plane, 'n1', 'n2', 'n3');
  await add(plane, 'payments', 'backend.example:8443', pem);
  await addAPI(plane, 'pay', 'https://backend.example:8443/v1');
  await plane.pass(1000);
  const lagging = ['n1', 'n2', 'n3'];
  assert.deepEqual((await statusOf(plane, 'payments')).nodes, { desired: 3, loaded: 0, proven: 0, lagging });
  await report(plane, 'n1', 'payments', 'proven');
  await report(plane, 'n2', 'payments', 'loaded');
  await plane.controllers.idle();
  await plane.pass(100);
  assert.deepEqual((await statusOf(plane, 'payments')).nodes, {
    desired: 3,
    loaded: 2,
    proven: 1,
    lagging: ['n2', 'n3'],
  });
  await remove(plane, 'GatewayNode', 'n3');
  await report(plane, 'n2', 'payments', 'proven');
  await plane.controllers.idle();
  await plane.pass(1000);
  assert.deepEqual((await statusOf(plane, 'payments')).nodes, { desired: 2, loaded: 2, proven: 2 });
});

test('a replaced certificate is new to every node', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await addGateway(plane, 'n1');
  await add(plane, 'payments', 'backend.example:8443', pem);
  await addAPI(plane, 'pay', 'https://backend.example:8443/v1');
  await report(plane, 'n1', 'payments', 'proven');
  await plane.controllers.idle();
  await plane.pass(1000);
  assert.equal((await statusOf(plane, 'payments')).nodes?.proven, 1);
  const { data = {} } = (await plane.secret('ca'))!;
  await change(plane, 'EndpointCertificate', 'payments', {
    certificate: Buffer.from(data['tls.crt']!, 'base64').toString(),
  });
  await plane.controllers.idle();
  const status = await statusOf(plane, 'payments');
  assert.deepEqual(status.nodes, { desired: 1, loaded: 0, proven: 0, lagging: ['n1'] });
  assert.equal(status.certificates?.[0]?.isCA, true);
});

test('a burst of reports of a hundred nodes is told in one write', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
  await addGateway(plane, ...names);
  await add(plane, 'payments', 'backend.example:8443', pem);
  await addAPI(plane, 'pay', 'https://backend.example:8443/v1');
  await plane.pass(1000);
  const ref = { kind: endpointCertificateKind, namespace, name: 'payments' };
  const abort = new AbortController();
  const from = await plane.store.currentRevision();
  const seen: number[] = [];
  const watching = (async () => {
    for await (const event of plane.store.watch(ref, { from, signal: abort.signal })) {
      if (event.type !== 'BOOKMARK') seen.push(event.object.status?.nodes?.proven ?? 0);
    }
  })().catch(() => undefined);
  await Promise.all(names.map((name) => report(plane, name, 'payments', 'proven')));
  await plane.controllers.idle();
  await plane.pass(300);
  assert.deepEqual(seen, [100]);
  abort.abort();
  await watching;
});

test('it stops being in force when it expires', async (t) => {
  const { plane, pem } = await planeWithBackend(t);
  await add(plane, 'payments', 'backend.example:8443', pem);
  await plane.controllers.idle();
  const { notAfter = '' } = await statusOf(plane, 'payments');
  await plane.pass(Date.parse(notAfter) - plane.clock.now().getTime());
  assert.equal(conditionOf((await statusOf(plane, 'payments')).conditions, 'Ready')?.reason, 'InForce');
  await plane.pass(1000);
  const { conditions } = await statusOf(plane, 'payments');
  assert.equal(conditionOf(conditions, 'Ready')?.reason, 'Expired');
  assert.equal(conditionOf(conditions, 'Expiring')?.reason, 'CertificateExpired');
});
