import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isConditionTrue } from '#model/objects';
import { makeCA } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { backendCA, call, certify, startFixture } from './gateway-fixture.ts';

const front = certify('front.example');

describe('a gateway node', () => {
  test('serves what is declared, and reports what it has loaded and proven', async () => {
    await using fixture = await startFixture();
    const port = await fixture.backend(certify('localhost'));
    await fixture.declareGateway(front);
    await fixture.declareAPI(port);
    await fixture.trust('pets', port, backendCA);
    const node = await fixture.node();
    await node.ready;
    const status = await fixture.status(({ conditions }) => isConditionTrue(conditions, 'Proven'));
    assert.equal((await call(node, '/pets/dogs?a=b')).body, 'asked /base/dogs?a=b');
    assert.deepEqual(status.counts, { desired: 2, loaded: 2, proven: 2, failed: 0 });
    assert.deepEqual(status.addresses, [`127.0.0.1:${node.address.port}`]);
    const [listener] = status.listeners!;
    assert.equal(listener!.state, 'proven');
    assert.equal(listener!.fingerprint, front.certificate.fingerprint);
    assert.equal(listener!.profile, 'team/front');
    const [endpoint] = status.endpoints!;
    assert.equal(endpoint!.endpoint, `localhost:${port}`);
    assert.deepEqual(endpoint!.apis, ['team/pets']);
    assert.equal(endpoint!.presented?.subject, 'CN=localhost');
    assert.deepEqual(
      endpoint!.endpointCertificates?.map(({ name, fingerprint, generation }) => ({ name, fingerprint, generation })),
      [{ name: 'pets', fingerprint: backendCA.certificate.fingerprint, generation: 1 }],
    );
    assert.equal(status.proven?.revision, status.desired?.revision);
  });

  test('trusts a certificate that is added, without a restart, and distrusts it when it is removed', async () => {
    await using fixture = await startFixture();
    const port = await fixture.backend(certify('localhost'));
    await fixture.declareGateway(front);
    await fixture.declareAPI(port);
    const node = await fixture.node();
    await fixture.status(({ endpoints }) => endpoints?.[0]?.state === 'failed');
    assert.equal((await call(node, '/pets')).error, 'backend-certificate-not-trusted');
    await fixture.trust('pets', port, backendCA);
    await fixture.status(({ endpoints }) => endpoints?.[0]?.state === 'proven');
    assert.equal((await call(node, '/pets')).code, 200);
    await fixture.remove('EndpointCertificate', 'pets');
    const { endpoints } = await fixture.status(({ endpoints }) => endpoints?.[0]?.state === 'failed');
    assert.equal(endpoints![0]!.code, 'backend-certificate-not-trusted');
    assert.equal((await call(node, '/pets')).error, 'backend-certificate-not-trusted');
  });

  test('swaps a certificate, and keeps the good one when a bad one follows', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    const node = await fixture.node();
    await fixture.status(({ listeners }) => listeners?.[0]?.state === 'proven');
    const renewed = certify('front.example');
    await fixture.secret('front', renewed);
    await fixture.status(({ listeners }) => listeners?.[0]?.fingerprint === renewed.certificate.fingerprint);
    assert.equal((await call(node, '/none')).fingerprint, renewed.certificate.fingerprint);
    await fixture.remove('Secret', 'front');
    const stringData = { 'tls.crt': 'garbage', 'tls.key': 'garbage' };
    await fixture.put('Secret', 'front', { type: 'Opaque', stringData });
    const { listeners, conditions } = await fixture.status(({ listeners }) => listeners?.[0]?.state === 'failed');
    assert.match(listeners![0]!.message!, /goes on serving/);
    assert.ok(isConditionTrue(conditions, 'Ready'));
    assert.equal((await call(node, '/none')).fingerprint, renewed.certificate.fingerprint);
  });

  test('goes on without the control plane, also across its own restart, and follows it when it is back', async () => {
    await using fixture = await startFixture();
    const port = await fixture.backend(certify('localhost'));
    await fixture.declareGateway(front);
    await fixture.declareAPI(port);
    await fixture.trust('pets', port, backendCA);
    const first = await fixture.node();
    await fixture.status(({ conditions }) => isConditionTrue(conditions, 'Proven'));
    await first.stop(0);
    let isThere = false;
    const second = await fixture.node({
      access: () => (isThere ? fixture.server.access() : { ...fixture.server.access(), server: 'https://127.0.0.1:1' }),
    });
    await second.ready;
    assert.equal((await call(second, '/pets')).code, 200);
    assert.equal((await call(second, '/pets')).fingerprint, front.certificate.fingerprint);
    const renewed = certify('front.example');
    await fixture.secret('front', renewed);
    isThere = true;
    await fixture.status(({ listeners }) => listeners?.[0]?.fingerprint === renewed.certificate.fingerprint);
    assert.equal((await call(second, '/pets')).fingerprint, renewed.certificate.fingerprint);
  });

  test('that restarts beside the control plane serves nobody with what is out of date', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    const first = await fixture.node();
    await fixture.status(({ listeners }) => listeners?.[0]?.state === 'proven');
    const { port } = first.address;
    await first.stop(0);
    const renewed = certify('front.example');
    await fixture.secret('front', renewed);
    const shown = new Set<string>();
    const second = await fixture.node({ port });
    const end = new AbortController();
    void second.ready.then(() => end.abort());
    while (!end.signal.aborted) {
      const got = await call(second, '/none').catch(() => undefined);
      if (got !== undefined) shown.add(got.fingerprint);
      await new Promise((resolve) => setImmediate(resolve));
    }
    shown.add((await call(second, '/none')).fingerprint);
    assert.deepEqual([...shown], [renewed.certificate.fingerprint]);
  });

  test('that restarts takes what it had where what is declared now cannot be had', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    const first = await fixture.node();
    await fixture.status(({ listeners }) => listeners?.[0]?.state === 'proven');
    await first.stop(0);
    await fixture.remove('Secret', 'front');
    const second = await fixture.node();
    await second.ready;
    assert.equal((await call(second, '/none')).fingerprint, front.certificate.fingerprint);
    const { listeners } = await fixture.status(({ listeners }) => listeners?.[0]?.message !== undefined);
    assert.match(listeners![0]!.message!, /Secret team\/front does not exist/);
  });

  test('ignores a damaged snapshot, says so, and serves from the API', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    writeFileSync(join(fixture.folder, 'node-1.snapshot'), 'damaged');
    const node = await fixture.node();
    await node.ready;
    assert.equal((await call(node, '/none')).fingerprint, front.certificate.fingerprint);
    assert.match(fixture.warnings.join('\n'), /snapshot is ignored/);
  });

  test('a backend that is down is loaded, not failed, and proven when it comes', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    await fixture.declareAPI(1);
    await fixture.node({ proof: { retryMilliseconds: 10 } });
    const { endpoints } = await fixture.status(({ endpoints }) => endpoints?.[0]?.code !== undefined);
    assert.deepEqual([endpoints![0]!.state, endpoints![0]!.code], ['loaded', 'backend-unreachable']);
    const other = makeCA('other');
    const port = await fixture.backend(certify('localhost', other));
    await fixture.trust('pets', port, other);
    await fixture.declareAPI(port);
    await fixture.status(({ endpoints }) => endpoints?.[0]?.state === 'proven');
  });

  test('says that its Gateway does not exist, and serves it when it does', async () => {
    await using fixture = await startFixture();
    await fixture.node();
    await fixture.status(({ conditions }) => conditions?.some(({ reason }) => reason === 'GatewayNotFound') === true);
    await fixture.declareGateway(front);
    await fixture.status(({ conditions }) => isConditionTrue(conditions, 'Ready'));
  });

  test('tells its GatewayNode again when somebody deletes it', async () => {
    await using fixture = await startFixture();
    await fixture.declareGateway(front);
    await fixture.node();
    await fixture.status(({ conditions }) => isConditionTrue(conditions, 'Proven'));
    await fixture.remove('GatewayNode', 'node-1');
    await fixture.secret('front', certify('front.example'));
    await fixture.status(({ conditions }) => isConditionTrue(conditions, 'Proven'));
  });

  test('refuses a name that no node can have', async () => {
    await using fixture = await startFixture();
    await assert.rejects(fixture.node({ node: '../x' }), { code: 'bad-request' });
  });
});
