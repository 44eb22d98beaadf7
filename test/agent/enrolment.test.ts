import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ensureIdentity, startAgent } from '#edge/agent';
import { agentsPath, openClient, parseKubeconfig, type ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import { secretKind, workloadKind, type Secret, type Workload, workloadInstanceKind } from '#model/resources';
import { parseCertificatesPEM } from '#pki/x509';
import { throwawayAuthority } from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { startCliFixture, type CliFixture } from '../cli/cli-fixture.ts';
import { reportsOf } from './reports.ts';

const authority = throwawayAuthority('agents', new Date());

const ofTeam = { namespace: 'team', fieldManager: 'agent', force: true };
const ofStatus = { ...ofTeam, subresource: 'status' } as const;

function instanceObject(workload: string, instance: string) {
  const metadata = { name: `${workload}.${instance}`, namespace: 'team' };
  const spec = { workloadRef: { name: workload }, instance };
  return { apiVersion: 'chancery.dev/v1', kind: 'WorkloadInstance', metadata, spec };
}

describe('an agent with an identity of its own', () => {
  let cli: CliFixture;
  let server: { server: string; ca?: string };
  let token: string;
  let state: string;
  let agent: ApiClient;

  before(async () => {
    cli = await startCliFixture();
    state = join(cli.folder, 'agent');
    server = parseKubeconfig(readFileSync(join(cli.folder, '.chancery', 'kubeconfig'), 'utf8'), '');
    await cli.client.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    for (const name of ['own', 'other']) await putSecret(name);
    for (const name of ['server', 'stranger']) await putWorkload(name, name === 'server' ? 'own' : 'other');
    const said = await cli.run(['agent-token', 'create', 'box-1', '--workload', 'team/server=one']);
    assert.equal(said.code, 0, said.err);
    token = said.out.trim();
  });
  after(() => cli.stop());

  const namespaceKind = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
  const enrolment = () => Promise.resolve({ server: server.server, ca: server.ca, token });

  async function putSecret(name: string): Promise<void> {
    const { cert, key } = authority.issue(`${name}.invalid`);
    await cli.client.create<Secret>(secretKind, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'team' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': cert, 'tls.key': key },
    });
  }

  async function putWorkload(name: string, secret: string): Promise<void> {
    await cli.client.create<Workload>(workloadKind, {
      apiVersion: 'chancery.dev/v1',
      kind: 'Workload',
      metadata: { name, namespace: 'team' },
      spec: {
        presents: [{ name: 'own', secretRef: { name: secret } }],
        files: [{ path: join(cli.folder, `${name}.pem`), content: 'certificate-and-key', of: 'own', format: 'pem' }],
      },
    });
  }

  test('a token is exchanged for a certificate of a day, in a file that only its owner reads', async () => {
    const path = await ensureIdentity(state, enrolment, new Date());
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const access = parseKubeconfig(readFileSync(path, 'utf8'), path);
    const [certificate] = parseCertificatesPEM(access.cert!);
    assert.equal(certificate!.commonName, 'agent:box-1');
    assert.equal((certificate!.notAfter.getTime() - Date.now()) / 3_600_000 < 24.1, true);
    agent = openClient(access);
    assert.equal(await ensureIdentity(state, () => assert.fail('has one'), new Date()), path);
  });

  test('a token works once', async () => {
    await assert.rejects(ensureIdentity(join(cli.folder, 'second'), enrolment, new Date()), (error) =>
      isCoded(error, 'unauthorized'),
    );
  });

  test('a token that is wrong in one place, or too old, is refused', async () => {
    const said = await cli.run(['agent-token', 'create', 'box-2', '--workload', 'team/server=two']);
    const good = said.out.trim();
    const wrong = `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`;
    for (const one of [wrong, 'box-2.', 'nobody.AAAAAAAAAAAAAAAAAAAAAAAA', good.replace('box-2', 'box-1')]) {
      await assert.rejects(
        ensureIdentity(join(cli.folder, 'wrong'), async () => ({ ...(await enrolment()), token: one }), new Date()),
        (error) => isCoded(error, 'unauthorized'),
        one,
      );
    }
  });

  test('sees its own Workload and what it refers to, one by one, and nothing else', async () => {
    const own = await agent.get<Workload>(workloadKind, 'server', 'team');
    assert.deepEqual(own.spec.instances?.[0], { name: 'one', agent: 'agent:box-1' });
    assert.ok(await agent.get(secretKind, 'own', 'team'));
    const one = await agent.list(secretKind, { namespace: 'team', fieldSelector: 'metadata.name=own' });
    assert.equal(one.items.length, 1);
    const refused: [string, () => Promise<unknown>][] = [
      ['another Secret', () => agent.get(secretKind, 'other', 'team')],
      ['another Workload', () => agent.get(workloadKind, 'stranger', 'team')],
      ['all Secrets', () => agent.list(secretKind, { namespace: 'team' })],
      ['all Secrets but one', () => agent.list(secretKind, { namespace: 'team', fieldSelector: 'metadata.name!=own' })],
      ['Secrets everywhere', () => agent.list(secretKind, { fieldSelector: 'metadata.name=own' })],
      ['what it delivers', () => agent.delete(secretKind, 'own', { namespace: 'team' })],
      ['its own declaration', () => agent.patch(workloadKind, 'server', 'merge', { spec: {} }, { namespace: 'team' })],
      ['the status of its own Workload', () => agent.patch(workloadKind, 'server', 'merge', { status: {} }, ofStatus)],
      ['what another instance has', () => agent.apply(workloadInstanceKind, instanceObject('server', 'two'), ofTeam)],
      [
        'what an instance of another has',
        () => agent.apply(workloadInstanceKind, instanceObject('stranger', 'one'), ofTeam),
      ],
    ];
    for (const [what, ask] of refused) await assert.rejects(ask(), (error) => isCoded(error, 'forbidden'), what);
    const another = { ...instanceObject('server', 'two'), metadata: instanceObject('server', 'one').metadata };
    await assert.rejects(agent.apply(workloadInstanceKind, another, ofTeam), (error) => isCoded(error, 'invalid'));
  });

  test('loses sight of what its Workload refers to no more', async () => {
    await cli.client.patch(
      workloadKind,
      'server',
      'merge',
      { spec: { presents: [{ name: 'own', secretRef: { name: 'other' } }] } },
      { namespace: 'team' },
    );
    await new Promise((resolve) => setTimeout(resolve, 600));
    await assert.rejects(agent.get(secretKind, 'own', 'team'), (error) => isCoded(error, 'forbidden'));
    assert.ok(await agent.get(secretKind, 'other', 'team'));
  });

  test('renews its certificate with the one it has, and under no other name', async () => {
    const { buildCertificateRequest, encodeName, formatCertificateRequestPEM, generateKey, nameFromSubject, p256 } =
      await import('#pki/x509');
    const subject = encodeName(nameFromSubject({ commonName: 'administrator', organizations: ['system:masters'] }));
    const request = formatCertificateRequestPEM(buildCertificateRequest(generateKey(p256), { subject }));
    const [certificate] = parseCertificatesPEM(
      await agent.text({ method: 'POST', path: agentsPath, body: request, contentType: 'application/x-pem-file' }),
    );
    assert.equal(certificate!.commonName, 'agent:box-1');
    assert.doesNotMatch(certificate!.subjectText, /masters/);
  });

  test('delivers and reports with that identity', async () => {
    const path = await ensureIdentity(state, () => assert.fail('has one'), new Date());
    const running = await startAgent({
      access: () => parseKubeconfig(readFileSync(path, 'utf8'), path),
      workloads: [{ namespace: 'team', name: 'server', instance: 'one' }],
      stateDirectory: state,
      log: { info: () => undefined, warn: () => undefined },
    });
    try {
      for (;;) {
        const report = (await reportsOf(cli.client, 'team', 'server')).get('one');
        if (report?.materials?.[0]?.persisted !== undefined) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.match(readFileSync(join(cli.folder, 'server.pem'), 'utf8'), /PRIVATE KEY/);
    } finally {
      await running.stop();
      agent.close();
    }
  });
});
