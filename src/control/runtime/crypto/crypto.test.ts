import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';
import type { SignedCertificate, SigningMaterial } from '#model/certificates';
import { InlineCrypto } from './inline-crypto.ts';
import { KeyStock } from './key-stock.ts';
import { WorkerCrypto } from './worker-crypto.ts';
import type { CryptoPool } from './crypto-pool.ts';

const now = new Date('2026-01-01T00:00:00Z');
const spec: CertificateSpec = {
  secretName: 's',
  dnsNames: ['web.example'],
  privateKey: { algorithm: 'ECDSA' },
  issuerRef: { name: 'ca' },
};
const order = { durationSeconds: 3600, isCA: false, usages: [], now };

async function caOf(pool: CryptoPool): Promise<SigningMaterial> {
  const caSpec: CertificateSpec = { ...spec, commonName: 'ca', dnsNames: [], isCA: true };
  const signing = {
    ...order,
    task: 'self-sign',
    isCA: true,
    durationSeconds: 7200,
    crlDistributionPoints: [],
  } as const;
  const { key, signed } = await pool.run<'issue'>({ task: 'issue', spec: caSpec, signing });
  assert(!('failed' in signed));
  const lists = { crlDistributionPoints: [], ocspServers: [], issuingCertificateURLs: [] };
  return { id: 'ca', chainPEM: signed.chainPEM, privateKeyPEM: key.pems.PKCS8, caPEM: '', ...lists };
}

const pools: readonly [string, () => CryptoPool][] = [
  ['InlineCrypto', () => new InlineCrypto()],
  ['WorkerCrypto', () => new WorkerCrypto({ workers: 1, readyKeys: 0 })],
];

for (const [name, open] of pools) {
  test(`${name} makes key, request and certificate in one go`, async (t) => {
    const pool = open();
    t.after(() => pool.close());
    const issuer = await caOf(pool);
    const { key, request, signed } = await pool.run<'issue'>({
      task: 'issue',
      spec,
      signing: { ...order, task: 'sign', issuer, mayOutliveCA: false },
    });
    assert(!('failed' in signed) && !('failed' in request));
    const leaf = new X509Certificate(signed.chainPEM);
    assert(leaf.verify(new X509Certificate(issuer.chainPEM).publicKey));
    assert.equal(leaf.subjectAltName, 'DNS:web.example');
    assert(parsePrivateKeyPEM(key.pems.PKCS1).matches(parseCertificatesPEM(signed.chainPEM)[0]!.spki));
    assert.equal(signed.askedNotAfter, undefined);
  });

  test(`${name} does the same in three steps`, async (t) => {
    const pool = open();
    t.after(() => pool.close());
    const issuer = await caOf(pool);
    const { pems } = await pool.run<'make-key'>({ task: 'make-key', key: { algorithm: 'ECDSA', size: 384 } });
    const request = await pool.run<'make-request'>({ task: 'make-request', privateKeyPEM: pems.PKCS8, spec });
    assert(!('failed' in request));
    const signed = await pool.run<'sign'>({ ...order, ...request, task: 'sign', issuer, mayOutliveCA: false });
    assert(!('failed' in signed));
    assert.doesNotThrow(() => createSecureContext({ cert: signed.chainPEM, key: pems.PKCS1 }));
  });

  test(`${name} answers what cannot be done as a value`, async (t) => {
    const pool = open();
    t.after(() => pool.close());
    const { pems } = await pool.run<'make-key'>({ task: 'make-key', key: { algorithm: 'ECDSA', size: 256 } });
    const result = await pool.run<'make-request'>({
      task: 'make-request',
      privateKeyPEM: pems.PKCS8,
      spec: { ...spec, dnsNames: ['ä'] },
    });
    assert('failed' in result);
    assert.match(result.failed, /outside ASCII/);
  });
}

test('a certificate is cut to its CA, and says what was asked for', async () => {
  const pool = new InlineCrypto();
  const issuer = await caOf(pool);
  const sign = async (mayOutliveCA: boolean): Promise<SignedCertificate> => {
    const { signed } = await pool.run<'issue'>({
      task: 'issue',
      spec,
      signing: { ...order, task: 'sign', durationSeconds: 86_400, issuer, mayOutliveCA },
    });
    assert(!('failed' in signed));
    return signed;
  };
  const cut = await sign(false);
  assert.equal(cut.notAfter.toISOString(), '2026-01-01T02:00:00.000Z');
  assert.equal(cut.askedNotAfter?.toISOString(), '2026-01-02T00:00:00.000Z');
  assert.equal((await sign(true)).notAfter.toISOString(), '2026-01-02T00:00:00.000Z');
});

test('keystores open with their password', async () => {
  const pool = new InlineCrypto();
  const issuer = await caOf(pool);
  const wishes = [
    { format: 'pkcs12', password: 'changeit', profile: 'Modern2023' },
    { format: 'jks', password: 'changeit' },
  ] as const;
  const task = {
    task: 'make-keystores',
    wishes,
    privateKeyPEM: issuer.privateKeyPEM,
    chainPEM: issuer.chainPEM,
    caPEM: issuer.chainPEM,
    now,
  } as const;
  const result = await pool.run<'make-keystores'>(task);
  assert(!('failed' in result));
  assert.deepEqual(Object.keys(result.files).sort(), [
    'keystore.jks',
    'keystore.p12',
    'truststore.jks',
    'truststore.p12',
  ]);
  const pfx = Buffer.from(result.files['keystore.p12']!, 'base64');
  assert.doesNotThrow(() => createSecureContext({ pfx, passphrase: 'changeit' }));
  assert.throws(() => createSecureContext({ pfx, passphrase: 'wrong' }));
});

test('a temporary certificate is for the key of the request, from a CA that nobody has', async () => {
  const pool = new InlineCrypto();
  const { pems } = await pool.run<'make-key'>({ task: 'make-key', key: { algorithm: 'ECDSA', size: 256 } });
  const request = await pool.run<'make-request'>({ task: 'make-request', privateKeyPEM: pems.PKCS8, spec });
  assert(!('failed' in request));
  const result = await pool.run<'make-temporary'>({ ...request, task: 'make-temporary', isCA: false, usages: [], now });
  assert(!('failed' in result));
  const leaf = new X509Certificate(result.chainPEM);
  assert.match(leaf.issuer, /CN=cert-manager\.local/);
  assert.doesNotThrow(() => createSecureContext({ cert: result.chainPEM, key: pems.PKCS8 }));
});

test('a worker that dies fails its tasks and is replaced', async (t) => {
  const failures: string[] = [];
  const pool = new WorkerCrypto({ workers: 1, readyKeys: 0, onFailure: (error) => failures.push(error.message) });
  t.after(() => pool.close());
  const poison = { task: 'make-key', key: { algorithm: 'ECDSA', size: 7 } } as const;
  await assert.rejects(pool.run<'make-key'>(poison));
  assert.deepEqual(failures, []);
  const { pems } = await pool.run<'make-key'>({ task: 'make-key', key: { algorithm: 'Ed25519', size: 256 } });
  assert.match(pems.PKCS1, /BEGIN PRIVATE KEY/);
});

test('a closed pool takes no tasks', async () => {
  const pool = new WorkerCrypto({ workers: 1, readyKeys: 0 });
  await pool.close();
  await assert.rejects(pool.run<'make-key'>({ task: 'make-key', key: { algorithm: 'ECDSA', size: 256 } }), /closed/);
});

test('a stock of RSA keys hands out a ready one at once, and fills up again', async (t) => {
  const stock = new KeyStock(1);
  t.after(() => stock.close());
  const first = await stock.take({ algorithm: 'RSA', size: 2048 });
  assert.equal(first.spec.size, 2048);
  const [second, third] = await Promise.all([stock.take(first.spec), stock.take(first.spec)]);
  assert.notDeepEqual(second.spki, third.spki);
  stock.close();
});
