import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { connect } from 'node:tls';
import { openClient } from '#edge/api';
import type { GatewayNode } from '#edge/gateway';
import { secretKind, workloadKind, type MaterialReport, type Workload } from '#model/resources';
import { namespace, WorkloadFixture } from './workload-fixture.ts';

const levels = ['delivered', 'loaded', 'persisted', 'proven', 'exclusive'] as const;

/** Whether every level is reached in that generation. */
const isWhole =
  (generation: number) =>
  (report: MaterialReport): boolean =>
    levels.every((level) => report[level]?.generation === generation);

async function wantedIn({ client }: WorkloadFixture, name: string) {
  const { status } = await client.get<Workload>(workloadKind, 'edge', namespace);
  return status!.materials!.find((one) => one.name === name)!;
}

describe('a node of a Gateway that is a Workload', () => {
  test('joins by itself, and reports what it has of each generation', async () => {
    await using fixture = await WorkloadFixture.open();
    await fixture.node();
    for (const name of ['own', 'internal']) {
      const report = await fixture.until(name, isWhole(1));
      assert.equal(report.exclusive!.digest, (await wantedIn(fixture, name)).digest);
      assert.equal(report.code, undefined);
    }
    const { startedTime, persists } = (await fixture.report())!;
    assert.ok(startedTime !== undefined && persists === undefined);
    const { status } = await fixture.client.get<Workload>(workloadKind, 'edge', namespace);
    assert.equal(status?.asked, undefined);

    const before = (await wantedIn(fixture, 'own')).fingerprint;
    await fixture.leaf('front', { dnsNames: ['localhost', 'again.test'] });
    const renewed = await fixture.until('own', isWhole(2));
    assert.notEqual(renewed.proven!.fingerprint, before);

    const sources = ['ca', 'other-ca'].map((name) => ({ certificateRef: { name } }));
    await fixture.bundle({ sources });
    await fixture.until('internal', isWhole(2));
    const { data = {} } = await fixture.secret('other-ca');
    const { fingerprint256 } = new X509Certificate(Buffer.from(data['tls.crt']!, 'base64'));
    await fixture.bundle({ sources, forget: [fingerprint256.replaceAll(':', '').toLowerCase()] });
    await fixture.until('internal', isWhole(3));

    await fixture.waitFor('Ready', async () => {
      const { status } = await fixture.client.get<Workload>(workloadKind, 'edge', namespace);
      return status?.conditions?.some(({ reason }) => reason === 'Proven') === true ? true : undefined;
    });
  });

  test('says what nothing of it uses, and that nothing is kept without a state directory', async () => {
    await using fixture = await WorkloadFixture.open();
    await fixture.put('chancery.dev/v1', 'Keystore', 'unused', { spec: { certificateRef: { name: 'backend' } } });
    const presents = [
      { name: 'own', keystoreRef: { name: 'front' } },
      { name: 'unused', keystoreRef: { name: 'unused' } },
    ];
    await fixture.workload({ presents });
    await fixture.node({ isKept: false });
    const unused = await fixture.until('unused', ({ code }) => code === 'not-used');
    assert.ok(unused.delivered !== undefined && unused.loaded === undefined);
    const own = await fixture.until('own', ({ exclusive }) => exclusive !== undefined);
    assert.deepEqual([own.persisted, own.code], [undefined, 'not-kept']);
    assert.equal((await fixture.report())!.persists, false);
  });

  test('takes its entry away when the Workload is that Gateway no more', async () => {
    await using fixture = await WorkloadFixture.open();
    await fixture.node();
    await fixture.until('own', isWhole(1));
    await fixture.workload({ gatewayRef: { name: 'another' } });
    await fixture.waitFor('no entry', async () => ((await fixture.report()) === undefined ? true : undefined));
  });

  test('may see the Workloads of one Gateway, and write nothing but the status of one', async () => {
    await using fixture = await WorkloadFixture.open();
    await fixture.put('chancery.dev/v1', 'Workload', 'other', { spec: { presents: [] } });
    const node = openClient(fixture.nodeAccess);
    try {
      const fieldSelector = 'spec.gatewayRef.name=edge';
      const { items } = await node.list<Workload>(workloadKind, { namespace, fieldSelector });
      assert.deepEqual(
        items.map(({ metadata }) => metadata.name),
        ['edge'],
      );
      await refused('all Workloads', () => node.list(workloadKind, { namespace }));
      await refused('those of every namespace', () => node.list(workloadKind, { fieldSelector }));
      await refused('those of other drivers', () =>
        node.list(workloadKind, { namespace, fieldSelector: 'spec.driver=files' }),
      );
      await refused('one Workload', () => node.get(workloadKind, 'edge', namespace));
      await refused('its spec', () =>
        node.patch(workloadKind, 'edge', 'merge', { spec: { title: 'x' } }, { namespace }),
      );
      const report = { status: { instances: [] } };
      await refused("another's status", () =>
        node.patch(workloadKind, 'other', 'merge', report, { namespace, subresource: 'status' }),
      );
      await refused('a Secret', () => node.patch(secretKind, 'front', 'merge', { data: {} }, { namespace }));
      await refused('an end', () => node.delete(workloadKind, 'edge', { namespace }));
    } finally {
      node.close();
    }
  });

  test('forgets sessions when a Rotation asks', async () => {
    await using fixture = await WorkloadFixture.open();
    const node = await fixture.node();
    await fixture.until('internal', isWhole(1));
    const client = await fixture.material('front');
    const { session } = await shake(node, client);
    assert.equal((await shake(node, client, session)).isResumed, true);
    const flush = { generation: 4, at: new Date().toISOString(), key: 'k' };
    const status = { asked: [{ name: 'node-1', flush }] };
    const object = { apiVersion: 'chancery.dev/v1', kind: 'Workload', metadata: { name: 'edge', namespace }, status };
    const request = { namespace, subresource: 'status', fieldManager: 'rotation', force: true } as const;
    await fixture.client.apply(workloadKind, object, request);
    await fixture.waitFor('no session', async () =>
      (await shake(node, client, session)).isResumed ? undefined : true,
    );
    const { status: after } = await fixture.client.get<Workload>(workloadKind, 'edge', namespace);
    assert.deepEqual(after?.asked?.[0]?.flush?.key, 'k');
    await fixture.until('internal', isWhole(1));
  });
});

async function refused(what: string, act: () => Promise<unknown>): Promise<void> {
  await assert.rejects(act, { code: 'forbidden' }, what);
}

type Material = Awaited<ReturnType<WorkloadFixture['material']>>;

/** A connection with TLS 1.2, whose sessions can be resumed. */
async function shake({ address }: GatewayNode, material: Material, session?: Buffer) {
  const socket = connect({ ...address, servername: 'localhost', maxVersion: 'TLSv1.2', ...material, session });
  await once(socket, 'secureConnect');
  const seen = { session: socket.getSession()!, isResumed: socket.isSessionReused() };
  socket.destroy();
  return seen;
}
