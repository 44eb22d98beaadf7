import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { formatKubeconfig, openClient } from '#edge/api';
import type { ApiClient, KubeconfigAccess } from '#edge/api';
import { administrators, startServer, viewers } from '#edge/server';
import type { AuditEntry, RunningServer, ServerOptions } from '#edge/server';
import { builtinKinds, createRegistry } from '#model/resources';

/** PEM texts that `openssl` makes once for the whole test process. */
interface TestPKI {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
  /** A CA that has signed nothing here. */
  readonly otherCA: string;
  /** Another key and certificate for the same server. */
  renewedServer(): { readonly cert: string; readonly key: string };
  client(name: string, groups: readonly string[]): { readonly cert: string; readonly key: string };
}

let shared: TestPKI | undefined;

/** A CA, a server certificate for localhost, and client certificates on demand. */
export function testPKI(): TestPKI {
  shared ??= createPKI();
  return shared;
}

function createPKI(): TestPKI {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-pki-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const run = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  run('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test-ca', '-days', '2');
  run('req', '-x509', ...ec, '-keyout', 'other.key', '-out', 'other.crt', '-subj', '/CN=other-ca', '-days', '2');
  const issue = (file: string, subject: string, extensions: string): { cert: string; key: string } => {
    writeFileSync(join(folder, `${file}.ext`), extensions);
    run('req', '-new', ...ec, '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', subject);
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    run('x509', '-req', '-in', `${file}.csr`, ...signing, '-extfile', `${file}.ext`, '-out', `${file}.crt`);
    return { cert: read(`${file}.crt`), key: read(`${file}.key`) };
  };
  const issueServer = (): { cert: string; key: string } =>
    issue('server', '/CN=localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const server = issueServer();
  return {
    ca: read('ca.crt'),
    otherCA: read('other.crt'),
    ...server,
    renewedServer: issueServer,
    client: (name, groups) => {
      const subject = `/${groups.map((group) => `O=${group}/`).join('')}CN=${name}`;
      return issue(`client-${name}`, subject, 'extendedKeyUsage=clientAuth');
    },
  };
}

export const tokens = { administrator: 'token-of-an-administrator', viewer: 'token-of-a-viewer' } as const;

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly store: ResourceStore;
  readonly audit: readonly AuditEntry[];
  readonly failures: readonly string[];
  access(user?: keyof typeof tokens): KubeconfigAccess;
  client(user?: keyof typeof tokens): ApiClient;
  /** Path of a kubeconfig file of an administrator. */
  kubeconfig(): string;
}

function tokenEntry(token: string, username: string, group: string): ServerOptions['tokens'][number] {
  return { sha256: createHash('sha256').update(token).digest('hex'), user: { username, groups: [group] } };
}

/** A server on a free port over a store that forgets, with the namespaces `default` and `team`. */
export async function startTestServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const pki = testPKI();
  const registry = createRegistry(builtinKinds);
  const store = overrides.store ?? openMemoryStore({ registry, bookmarkSeconds: 1 });
  const [audit, failures]: [AuditEntry[], string[]] = [[], []];
  const log = (fields: object, message: string): void => void failures.push(`${message} ${describe(fields)}`);
  const server = await startServer({
    store,
    registry,
    tls: { key: pki.key, cert: pki.cert, clientCA: pki.ca },
    tokens: [tokenEntry(tokens.administrator, 'root', administrators), tokenEntry(tokens.viewer, 'viewer', viewers)],
    host: '127.0.0.1',
    port: 0,
    logger: { warn: log, error: log },
    metrics: () => Promise.resolve('chancery_up 1\n'),
    now: () => new Date(),
    version: '0.0.0-test',
    audit: (entry) => void audit.push(entry),
    ...overrides,
  });
  await makeNamespaces(store, ['default', 'team']);
  const clients: ApiClient[] = [];
  const access = (user: keyof typeof tokens = 'administrator'): KubeconfigAccess => ({
    server: server.url,
    ca: pki.ca,
    token: tokens[user],
    namespace: 'default',
  });
  const folder = mkdtempSync(join(tmpdir(), 'chancery-test-'));
  return {
    server,
    store,
    audit,
    failures,
    access,
    client: (user) => {
      const client = openClient(access(user));
      clients.push(client);
      return client;
    },
    kubeconfig: () => {
      const { cert, key } = pki.client('admin', [administrators]);
      const path = join(folder, 'kubeconfig');
      writeFileSync(path, formatKubeconfig({ server: server.url, ca: pki.ca, cert, key, namespace: 'default' }), {
        mode: 0o600,
      });
      return path;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
      await server.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function describe(fields: object): string {
  const error = (fields as { err?: Error }).err;
  return error?.stack ?? JSON.stringify(fields);
}

async function makeNamespaces(store: ResourceStore, names: readonly string[]): Promise<void> {
  const kind = builtinKinds.find(({ plural }) => plural === 'namespaces')!;
  for (const name of names) {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await store.create({ kind }, object, { manager: 'test', user: { username: 'test' } });
  }
}
