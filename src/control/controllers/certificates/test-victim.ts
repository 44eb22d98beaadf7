import { Registry } from 'prom-client';
import { builtinKinds, certificateKind, createRegistry, issuerKind } from '#model/resources';
import type { CertificateSpec } from '#model/resources';
import { openSqliteStore } from '#control/store';
import { WorkerCrypto } from '#control/runtime';
import { startControllers } from '../start.ts';

/**
 * A control plane that declares certificates as fast as it can until it is killed, and prints the name of each one whose
 * creation was answered. Arguments: data directory, number of the round.
 */
const [dataDirectory = '', round = '0'] = process.argv.slice(2);
const registry = createRegistry(builtinKinds);
const store = await openSqliteStore({ registry, dataDirectory });
const crypto = new WorkerCrypto({ workers: 1, readyKeys: 0 });
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const as = { manager: 'test', user: { username: 'someone' } };
const namespace = 'default';
const apiVersion = 'cert-manager.io/v1';
await startControllers({ store, registry, crypto, metrics: new Registry(), logger: silent });

async function declare(name: string, spec: Partial<CertificateSpec>): Promise<void> {
  const full = { secretName: name, privateKey: { algorithm: 'ECDSA' as const }, issuerRef: { name: 'ca' }, ...spec };
  await store.create(
    { kind: certificateKind, namespace },
    { apiVersion, kind: 'Certificate', metadata: { name }, spec: full },
    as,
  );
}

if (round === '0') {
  const issuer = { apiVersion, kind: 'Issuer' };
  await store.create(
    { kind: issuerKind, namespace },
    { ...issuer, metadata: { name: 'self' }, spec: { selfSigned: {} } },
    as,
  );
  await declare('ca', { commonName: 'ca', isCA: true, duration: '87600h', issuerRef: { name: 'self' } });
  await store.create(
    { kind: issuerKind, namespace },
    { ...issuer, metadata: { name: 'ca' }, spec: { ca: { secretName: 'ca' } } },
    as,
  );
}
for (let index = 0; ; index += 1) {
  const names = Array.from({ length: 8 }, (_, lane) => `leaf-${round}-${index}-${lane}`);
  await Promise.all(names.map((name) => declare(name, { dnsNames: [`${name}.example`] })));
  process.stdout.write(`${names.join('\n')}\n`);
}
