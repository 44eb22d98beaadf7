import type { Draft } from '#model/objects';
import type { Workload } from '#model/resources';
import { storePassword } from '../agent/java-server.ts';
import type { TestServerProcess } from '../agent/servers.ts';
import { ecdsa, object, type Authority } from './authorities.ts';
import type { ClientFiles } from './handshakes.ts';

const certManager = 'cert-manager.io/v1';
const chancery = 'chancery.dev/v1';

/** The Workload that calls all servers, and its Certificate. */
export const callers = 'callers';
const serverName = 'site.invalid';

export interface NamedServer {
  readonly name: string;
  readonly process: TestServerProcess;
}

export interface Parties {
  readonly servers: readonly NamedServer[];
  readonly files: ClientFiles;
  /** Who issues the servers' certificates, and who the callers'; often the same. */
  readonly ofServers: Authority;
  readonly ofCallers: Authority;
}

/** The certificate of a server, or of the callers. */
export function leafObject(name: string, issuer: string): Draft {
  const usages = ['digital signature', 'key encipherment', 'server auth', 'client auth'];
  const dnsNames = [name === callers ? 'callers.invalid' : serverName];
  const spec = { secretName: name, dnsNames, usages, privateKey: ecdsa, issuerRef: { name: issuer } };
  return object(certManager, 'Certificate', name, { spec });
}

/** Everything that is declared, in order: CAs, leaves, one bundle for each direction, who talks to whom. */
export function estateObjects({ servers, files, ofServers, ofCallers }: Parties): Draft[] {
  const authorities = [...new Set([ofServers, ofCallers])];
  const password = { type: 'Opaque', stringData: { password: storePassword.value } };
  return [
    object('v1', 'Secret', storePassword.secretName, password),
    object(certManager, 'Issuer', 'self', { spec: { selfSigned: {} } }),
    ...authorities.flatMap(({ objects }) => objects),
    ...servers.map(({ name }) => leafObject(name, ofServers.name)),
    leafObject(callers, ofCallers.name),
    object(chancery, 'TrustBundle', 'servers', { spec: { sources: [ofServers.source] } }),
    object(chancery, 'TrustBundle', 'clients', { spec: { sources: [ofCallers.source] } }),
    ...servers.map(serverWorkload),
    callersWorkload(servers, files),
  ];
}

const presents = (name: string): Workload['spec']['presents'] => [{ name: 'own', certificateRef: { name } }];

function serverWorkload({ name, process: { port, driver, reload, files } }: NamedServer): Draft {
  const listener = { name: 'tls', presents: 'own', clientTrust: 'clients', mutualAuthentication: 'require' };
  const spec = {
    driver,
    files,
    reload,
    presents: presents(name),
    trusts: [{ name: 'clients', trustBundleRef: { name: 'clients' } }],
    instances: [{ name: 'one', address: `127.0.0.1:${port}` }],
    listens: [{ ...listener, serverName }],
  };
  return object(chancery, 'Workload', name, { spec });
}

/** Clients notice new files by themselves: they read them before every handshake. */
function callersWorkload(servers: readonly NamedServer[], files: ClientFiles): Draft {
  const spec = {
    presents: presents(callers),
    trusts: [{ name: 'servers', trustBundleRef: { name: 'servers' } }],
    instances: [{ name: 'one' }],
    reload: { type: 'hot', timeoutSeconds: 1 },
    connectsTo: servers.map(({ name }) => ({ workload: name, presents: 'own', trusts: 'servers' })),
    files: [
      { path: files.identity, content: 'certificate-and-key', of: 'own', format: 'pem' },
      { path: files.trust, content: 'bundle', of: 'servers', format: 'pem' },
    ],
  };
  return object(chancery, 'Workload', callers, { spec });
}
