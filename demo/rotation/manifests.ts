import type { Draft } from '#model/objects';
import type { Workload } from '#model/resources';
import type { TestServerProcess } from '../../test/agent/servers.ts';
import type { CallerFiles } from './load/caller.ts';
import { serverName } from './load/node-caller.ts';

/** What is declared: one CA, a certificate for each server and for the callers, one bundle, and who talks to whom. */

export const namespace = 'demo';
export const authority = 'demo-ca';
/** The CA that takes the place of the other without stages, in the end. */
export const controlAuthority = 'control-ca';
export const bundle = 'demo';
export const callers = 'callers';

const certManager = 'cert-manager.io/v1';
const chancery = 'chancery.dev/v1';
const privateKey = { algorithm: 'ECDSA', size: 256 };

export const object = (apiVersion: string, kind: string, name: string, content: object): Draft => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...content,
});

function authorityObjects(name: string): Draft[] {
  const spec = { isCA: true, commonName: `Demo ${name}`, secretName: name, privateKey, issuerRef: { name: 'self' } };
  return [
    object(certManager, 'Certificate', name, { spec }),
    object(certManager, 'Issuer', name, { spec: { ca: { secretName: name } } }),
  ];
}

/** The certificate of a server, or of the callers, from the CA `issuer`. */
export function leafObject(name: string, issuer: string): Draft {
  const usages = ['digital signature', 'server auth', 'client auth'];
  const dnsNames = [name === callers ? 'callers.invalid' : serverName, 'localhost'];
  const spec = { secretName: name, commonName: name, dnsNames, usages, privateKey, issuerRef: { name: issuer } };
  return object(certManager, 'Certificate', name, { spec });
}

export interface DemoServer {
  readonly name: string;
  readonly process: TestServerProcess;
}

/** Everything of the demo, in the order in which it is declared. Servers without files have a Workload of their own. */
export function demoObjects(servers: readonly DemoServer[], called: readonly string[], files: CallerFiles): Draft[] {
  const leaves = [...servers.map(({ name }) => name), callers].map((name) => leafObject(name, authority));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    object('v1', 'Secret', 'store-password', { type: 'Opaque', stringData: { password: files.password } }),
    object(certManager, 'Issuer', 'self', { spec: { selfSigned: {} } }),
    ...authorityObjects(authority),
    ...authorityObjects(controlAuthority),
    ...leaves,
    object(chancery, 'TrustBundle', bundle, { spec: { sources: [{ certificateRef: { name: authority } }] } }),
    ...servers.filter((one) => one.process.files.length > 0).map(serverWorkload),
    callersWorkload(called, files),
  ];
}

const presents = (name: string): Workload['spec']['presents'] => [{ name: 'own', certificateRef: { name } }];
const trusts: Workload['spec']['trusts'] = [{ name: 'clients', trustBundleRef: { name: bundle } }];

function serverWorkload({ name, process: { port, driver, reload, files } }: DemoServer): Draft {
  const listener = { name: 'tls', presents: 'own', clientTrust: 'clients', mutualAuthentication: 'require' };
  const spec = {
    driver,
    files,
    reload,
    trusts,
    presents: presents(name),
    instances: [{ name: 'one', address: `127.0.0.1:${port}` }],
    listens: [{ ...listener, serverName }],
  };
  return object(chancery, 'Workload', name, { spec });
}

/** Clients notice new files by themselves: they read them before every handshake. */
function callersWorkload(called: readonly string[], files: CallerFiles): Draft {
  const passwordRef = { name: 'store-password' };
  const spec = {
    trusts,
    presents: presents(callers),
    instances: [{ name: 'one' }],
    reload: { type: 'hot', timeoutSeconds: 1 },
    connectsTo: called.map((workload) => ({ workload, presents: 'own', trusts: 'clients' })),
    files: [
      { path: files.identity, content: 'certificate-and-key', of: 'own', format: 'pem' },
      { path: files.trust, content: 'bundle', of: 'clients', format: 'pem' },
      { path: files.keystore, content: 'certificate-and-key', of: 'own', format: 'pkcs12', passwordRef },
      { path: files.truststore, content: 'bundle', of: 'clients', format: 'jks', passwordRef },
    ],
  };
  return object(chancery, 'Workload', callers, { spec });
}
