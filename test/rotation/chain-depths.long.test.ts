import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fixture } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { makeCA, makeCertificate } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { throwawayAuthority } from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { AgentFixture } from '../agent/agent-fixture.ts';
import { specOf } from '../agent/server-spec.ts';
import { attempt, type Client } from '../agent/load.ts';
import { realDrivers } from './drivers.ts';

const now = Date.now();
const dates = { notBefore: new Date(now - 3600_000), notAfter: new Date(now + 3600_000) };

/** A client with so many CAs between its certificate and the root. */
function clientBeneath(root: Fixture, between: number, ca: string): Client {
  const above: Fixture[] = [root];
  for (let at = 1; at <= between; at += 1) above.push(makeCA(`between ${at}`, above.at(-1), dates));
  const leaf = makeCertificate({ subject: 'client.invalid', issuer: above.at(-1)!, ...dates });
  const chain = [leaf, ...above.slice(1).toReversed()].map(({ certificate }) => certificate.toPEM());
  return { cert: chain.join(''), key: leaf.key.toPEM('PKCS8'), ca };
}

const { nginx, haproxyReload, nodeHTTP, javaHTTP } = realDrivers;
/** What preflight goes by: see `chainLimitOf()`. */
const limits = [
  { driver: nginx, most: 1, why: 'ssl_verify_depth is 1' },
  { driver: javaHTTP, most: 9, why: 'jdk.tls.maxCertificateChainLength is 10' },
  { driver: haproxyReload, most: 20, why: 'OpenSSL goes on to 100', isOpen: true },
  { driver: nodeHTTP, most: 20, why: 'OpenSSL goes on to 100', isOpen: true },
];

for (const { driver, most, why, isOpen = false } of limits) {
  test(`${driver.name} accepts ${most} CAs between a certificate and its root: ${why}`, driver.options, async () => {
    await using agent = await AgentFixture.open();
    const server = await driver.open(agent.files);
    agent.atEnd(() => server.kill());
    const authority = throwawayAuthority('servers', new Date());
    const root = makeCA('clients', undefined, dates);
    await agent.identity('own', authority.issue('site.invalid'));
    await agent.trust('clients', root.certificate.toPEM());
    if (server.password !== undefined) await agent.password(server.password.secretName, server.password.value);
    await agent.workload(specOf(server));
    await agent.start();
    await agent.reached('clients', 'persisted');
    await server.start();
    const isGood = async (between: number): Promise<boolean> =>
      (await attempt(server.port, clientBeneath(root, between, authority.pem))).isGood;
    assert.equal(await isGood(most), true);
    if (!isOpen) assert.equal(await isGood(most + 1), false);
  });
}
