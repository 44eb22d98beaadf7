import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { createSecureContext, type TlsOptions } from 'node:tls';
import type { ListenerPlan, UpstreamPlan } from '#model/gateways';
import { proveListener } from './prove-listener.ts';
import { proveUpstream } from './prove-upstream.ts';
import { ca, certify, identityOf, listenerPlan, otherCA, startBackend, upstreamPlan } from './test-backend.ts';

const milliseconds = 5000;
const own = certify();
const pemOf = (fixture: typeof own): string => fixture.certificate.toPEM();
const required: TlsOptions = { requestCert: true, rejectUnauthorized: true, ca: pemOf(ca) };

describe('proveUpstream()', () => {
  const cases: {
    why: string;
    server?: TlsOptions;
    shows?: typeof own;
    plan?: Partial<UpstreamPlan>;
    trusts?: (typeof own)[];
    verdict: string;
    code?: string;
  }[] = [
    { why: 'the CA is trusted', verdict: 'proven' },
    { why: 'the backend certificate itself is trusted', trusts: [own], verdict: 'proven' },
    { why: 'another CA is trusted', trusts: [otherCA], verdict: 'failed', code: 'backend-certificate-not-trusted' },
    { why: 'nobody is trusted', trusts: [], verdict: 'failed', code: 'backend-certificate-not-trusted' },
    {
      why: 'it is for another host',
      shows: certify('other.example'),
      verdict: 'failed',
      code: 'backend-name-mismatch',
    },
    {
      why: 'it has expired',
      shows: certify('localhost', ca, { notAfter: new Date('2026-02-01T00:00:00Z') }),
      verdict: 'failed',
      code: 'backend-certificate-expired',
    },
    {
      why: 'the client certificate is taken',
      server: required,
      plan: { identity: identityOf(certify()) },
      verdict: 'proven',
    },
    {
      why: 'the client certificate is refused, after the handshake of TLS 1.3',
      server: required,
      plan: { identity: identityOf(certify('localhost', otherCA)) },
      verdict: 'failed',
      code: 'backend-refused-client-certificate',
    },
    {
      why: 'the backend speaks an older version only',
      server: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
      plan: { settings: { protocols: ['tls_v1.3'] } },
      verdict: 'failed',
      code: 'backend-tls-version',
    },
  ];
  for (const { why, server, shows = own, plan, trusts = [ca], verdict, code } of cases) {
    test(`answers ${verdict} when ${why}`, async () => {
      await using backend = await startBackend(shows, server);
      const proof = await proveUpstream(upstreamPlan(backend.port, trusts, plan), milliseconds);
      assert.equal(proof.verdict, verdict, proof.message);
      assert.equal(proof.code, code);
      if (plan?.settings === undefined) assert.equal(proof.presented?.fingerprint, shows.certificate.fingerprint);
    });
  }

  test('records what was shown: names, dates and the rest of the chain', async () => {
    await using backend = await startBackend(own, { cert: pemOf(own) + pemOf(ca) });
    const { presented } = await proveUpstream(upstreamPlan(backend.port, [ca]), milliseconds);
    assert.equal(presented?.subject, 'CN=backend');
    assert.equal(presented?.issuer, 'CN=proof ca');
    assert.equal(presented?.notAfter, '2036-01-01T00:00:00Z');
    assert.deepEqual(presented?.chain, [ca.certificate.fingerprint]);
  });

  test('says that nothing is verified where nothing is', async () => {
    await using backend = await startBackend(own);
    const plan = upstreamPlan(backend.port, [], { settings: { insecureServerConnections: true } });
    const proof = await proveUpstream(plan, milliseconds);
    assert.equal(proof.verdict, 'proven');
    assert.match(proof.message!, /nothing is verified/);
  });

  test('a backend that does not answer proves nothing and is no failure', async () => {
    const gone = await startBackend(own);
    await gone[Symbol.asyncDispose]();
    const proof = await proveUpstream(upstreamPlan(gone.port, [ca]), milliseconds);
    assert.deepEqual([proof.verdict, proof.code], ['unknown', 'backend-unreachable']);
  });

  test('a backend that falls silent proves nothing, in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const proof = await proveUpstream(upstreamPlan((silent.address() as AddressInfo).port, [ca]), 50);
    assert.deepEqual([proof.verdict, proof.code], ['unknown', 'backend-timeout']);
    silent.close();
  });
});

describe('proveListener()', () => {
  const address = (port: number) => ({ host: '127.0.0.1', port });

  const cases: {
    why: string;
    server?: TlsOptions;
    plan?: Partial<ListenerPlan>;
    verdict: string;
    code?: string;
  }[] = [
    { why: 'the wanted certificate is shown', verdict: 'proven' },
    {
      why: 'another certificate is shown',
      plan: { identity: identityOf(ca) },
      verdict: 'failed',
      code: 'other-certificate',
    },
    ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
      {
        why: `callers without a certificate are turned away (${version})`,
        server: { ...required, minVersion: version, maxVersion: version },
        plan: { settings: { mutualAuthentication: 'require' as const } },
        verdict: 'proven',
      },
    ]),
    {
      why: 'callers without a certificate are taken although one is required',
      plan: { settings: { mutualAuthentication: 'require' } },
      verdict: 'failed',
      code: 'client-not-refused',
    },
    {
      why: 'the profile offers nothing newer than TLS 1.0',
      server: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
      verdict: 'proven',
    },
  ];
  for (const { why, server, plan, verdict, code } of cases) {
    test(`answers ${verdict} when ${why}`, async () => {
      await using backend = await startBackend(own, server);
      const proof = await proveListener(listenerPlan(own, plan), address(backend.port), 300);
      assert.equal(proof.verdict, verdict, proof.message);
      assert.equal(proof.code, code);
    });
  }

  test('asks for a name that the pattern serves, and for none where the pattern is *', async () => {
    const named = certify('other');
    const asked: string[] = [];
    await using backend = await startBackend(own, {
      SNICallback: (name, done) => {
        asked.push(name);
        const { certificatePEM: cert, privateKeyPEM: key } = identityOf(named);
        done(null, createSecureContext({ cert, key }));
      },
    });
    const proof = (host: string, shown: typeof own) =>
      proveListener(listenerPlan(shown, { host }), address(backend.port), milliseconds);
    assert.equal((await proof('*', own)).verdict, 'proven');
    assert.equal((await proof('a.example', named)).verdict, 'proven');
    assert.equal((await proof('*.example', named)).verdict, 'proven');
    assert.deepEqual(asked, ['a.example', 'chancery-proof.example']);
  });

  test('a port that does not answer is a failure: it is the own one', async () => {
    const gone = await startBackend(own);
    await gone[Symbol.asyncDispose]();
    assert.equal((await proveListener(listenerPlan(own), address(gone.port), milliseconds)).code, 'no-handshake');
  });
});
