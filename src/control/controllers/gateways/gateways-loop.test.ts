import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { conditionOf, formatTimestamp } from '#model/objects';
import { gatewayNodeKind, systemNamespace } from '#model/resources';
import type { Condition, Json } from '#model/objects';
import { asUser, namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, create, get, remove } from '../test-tls-objects.ts';

interface Told {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const condition = ({ status }: Told, type = 'Ready'): string => {
  const found = conditionOf(status?.conditions, type);
  return found === undefined ? 'none' : `${found.status} ${found.reason}`;
};

/** A server profile with a good keystore, and a gateway that uses it. */
async function withGateway(t: TestContext): Promise<TestPlane> {
  const plane = await startPlaneWithCA({ installDefaults: true });
  t.after(() => plane.stop());
  await plane.declare('server');
  await create(plane, 'Keystore', 'server', { certificateRef: { name: 'server' } });
  await create(plane, 'TLSServerProfile', 'server', { keystoreRef: { name: 'server' } });
  await create(plane, 'Gateway', 'edge', { sni: [{ host: '*', tlsServerProfileRef: { name: 'server' } }] });
  await plane.controllers.idle();
  return plane;
}

/** Until what is gathered for a moment has been dealt with too. */
async function settled(plane: TestPlane): Promise<void> {
  await plane.controllers.idle();
  await plane.pass(1000);
}

async function report(plane: TestPlane, name: string, proven: 'True' | 'False'): Promise<void> {
  const conditions = ['Ready', 'Synced', 'Proven'].map((type) => ({
    type,
    status: type === 'Proven' ? proven : 'True',
  }));
  const status = { conditions, lastSeenTime: formatTimestamp(plane.clock.now()) };
  const ref = { kind: gatewayNodeKind, namespace, name };
  await plane.store.patch(ref, { type: 'merge', body: { status } as Json }, { ...asUser, subresource: 'status' });
  await plane.controllers.idle();
}

async function addNode(plane: TestPlane, name: string, proven: 'True' | 'False'): Promise<void> {
  await create(plane, 'GatewayNode', name, { gatewayRef: { name: 'edge' } });
  await report(plane, name, proven);
}

test('a profile is ready when its stores are, and says which one is not', async (t) => {
  const plane = await withGateway(t);
  assert.equal(condition(await get(plane, 'TLSServerProfile', 'server')), 'True Verified');
  await create(plane, 'TLSClientProfile', 'pay', { truststoreRef: { name: 'trust' } });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'TLSClientProfile', 'pay')), 'False TruststoreNotFound');
  await create(plane, 'Truststore', 'trust', { sources: [{ secretRef: { name: 'absent' } }] });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'TLSClientProfile', 'pay')), 'False TruststoreNotReady');
  await change(plane, 'Truststore', 'trust', { sources: [{ certificateRef: { name: 'ca' } }] });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'TLSClientProfile', 'pay')), 'True Verified');
});

test('stores and profiles say who uses them, until nobody does', async (t) => {
  const plane = await withGateway(t);
  assert.deepEqual((await get(plane, 'Keystore', 'server')).status?.usedBy, [`TLSServerProfile ${namespace}/server`]);
  assert.deepEqual((await get(plane, 'TLSServerProfile', 'server')).status?.usedBy, [`Gateway ${namespace}/edge`]);
  await remove(plane, 'Gateway', 'edge');
  await remove(plane, 'TLSServerProfile', 'server');
  await plane.controllers.idle();
  assert.deepEqual((await get(plane, 'Keystore', 'server')).status?.usedBy, []);
});

test('a gateway tells of its profiles and of its nodes', async (t) => {
  const plane = await withGateway(t);
  assert.equal(condition(await get(plane, 'Gateway', 'edge')), 'False NoNodes');
  await addNode(plane, 'n1', 'True');
  await addNode(plane, 'n2', 'False');
  await plane.pass(1000);
  const gateway = await get(plane, 'Gateway', 'edge');
  assert.equal(condition(gateway), 'True Running');
  assert.deepEqual(gateway.status?.nodes, { desired: 2, loaded: 2, proven: 1, lagging: ['n2'] });
  await change(plane, 'Gateway', 'edge', { sni: [{ host: '*', tlsServerProfileRef: { name: 'absent' } }] });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'Gateway', 'edge')), 'False ProfileNotReady');
});

test('a node that gives no sign of life for a minute is lost, comes back when it does, and is forgotten after a day', async (t) => {
  const plane = await withGateway(t);
  await addNode(plane, 'n1', 'True');
  await plane.pass(59_000);
  await report(plane, 'n1', 'True');
  await plane.pass(59_000);
  assert.match(condition(await get(plane, 'GatewayNode', 'n1')), /^True/);
  await plane.pass(1000);
  assert.equal(condition(await get(plane, 'GatewayNode', 'n1')), 'Unknown NodeLost');
  await plane.pass(1000);
  assert.deepEqual((await get(plane, 'Gateway', 'edge')).status?.nodes?.lagging, ['n1']);
  await report(plane, 'n1', 'True');
  await plane.pass(1000);
  assert.equal((await get(plane, 'Gateway', 'edge')).status?.nodes?.proven, 1);
  await plane.pass(24 * 3600_000);
  await plane.pass(1000);
  await assert.rejects(get(plane, 'GatewayNode', 'n1'));
  assert.equal((await get(plane, 'Gateway', 'edge')).status?.nodes?.desired, 0);
});

test('a default profile in production is warned of where it is used and at itself, for hosts and for backends', async (t) => {
  const plane = await withGateway(t);
  const warning = 'DefaultProfileInProduction';
  const server = { name: 'default-tls-server-profile', namespace: systemNamespace };
  await change(plane, 'Gateway', 'edge', { sni: [{ host: '*', tlsServerProfileRef: server }] });
  await settled(plane);
  assert.equal(condition(await get(plane, 'Gateway', 'edge'), warning), 'none', 'not in production');
  await change(plane, 'Gateway', 'edge', { production: true });
  await settled(plane);
  assert.equal(condition(await get(plane, 'Gateway', 'edge'), warning), 'True UsesDefaults');
  const profile = await get(plane, 'TLSServerProfile', server.name, systemNamespace);
  assert.equal(condition(profile, warning), 'True UsedInProduction');
  assert((await plane.events()).includes('Gateway/edge UsesDefaults'));
  const client = { name: 'default-tls-client-profile', namespace: systemNamespace };
  const production = { url: 'https://backend.example/', tlsClientProfileRef: client };
  await create(plane, 'API', 'pay', { version: '1', basePath: '/pay', endpoints: { production } });
  await settled(plane);
  const told = await get(plane, 'TLSClientProfile', client.name, systemNamespace);
  assert.equal(condition(told, warning), 'True UsedInProduction');
  await change(plane, 'Gateway', 'edge', { production: false });
  await settled(plane);
  assert.equal(condition(await get(plane, 'Gateway', 'edge'), warning), 'none');
  assert.equal(condition(await get(plane, 'TLSClientProfile', client.name, systemNamespace), warning), 'none');
});

test('an API is ready when a gateway serves it by a good profile and nobody older has its base path', async (t) => {
  const plane = await withGateway(t);
  const production = { url: 'https://backend.example/', tlsClientProfileRef: { name: 'pay' } };
  await create(plane, 'API', 'pay', { version: '1', basePath: '/pay', endpoints: { production } });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'API', 'pay')), 'False ProfileNotFound');
  await create(plane, 'TLSClientProfile', 'pay', {});
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'API', 'pay')), 'True Served');
  await plane.pass(2000);
  const rival = { production: { url: 'http://other.example/' } };
  await create(plane, 'API', 'rival', { version: '1', basePath: '/pay', endpoints: rival });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'API', 'pay')), 'True Served');
  assert.equal(condition(await get(plane, 'API', 'rival')), 'False BasePathTaken');
  await remove(plane, 'API', 'pay');
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'API', 'rival')), 'True Served');
  await change(plane, 'API', 'rival', { gateways: ['nowhere'] });
  await plane.controllers.idle();
  assert.equal(condition(await get(plane, 'API', 'rival')), 'False NoGateway');
});
