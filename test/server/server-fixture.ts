import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { formatKubeconfig, openClient } from '#edge/api';
import type { ApiClient, KubeconfigAccess } from '#edge/api';
import { administrators, startServer, viewers } from '#edge/server';
import type { AuditEntry, RunningServer, ServerOptions } from '#edge/server';
import { builtinKinds, createRegistry } from '#model/resources';
import { testPKI } from './test-pki.ts';

export const tokens = { administrator: 'token-of-an-administrator', viewer: 'token-of-a-viewer' } as const;

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly store: ResourceStore;
  readonly audit: readonly AuditEntry[];
  /** The newest entry of a verb; entries come when the connection is done with the request, a little after the client. */
  audited(verb: string): Promise<AuditEntry>;
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
    tls: { ...pki.server, clientCA: pki.ca },
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
    audited: async (verb) => {
      for (;;) {
        const entry = audit.findLast((entry) => entry.verb === verb);
        if (entry !== undefined) return entry;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
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
