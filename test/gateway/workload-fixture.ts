import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openClient, parseKubeconfig, type ApiClient, type ClientAccess } from '#edge/api';
import { startGatewayNode, type GatewayNode } from '#edge/gateway';
import { startInstallation, type Installation } from '#edge/installation';
import {
  namespaceKind,
  secretKind,
  type InstanceReport,
  type MaterialReport,
  type Secret,
  type Workload,
} from '#model/resources';
import { reportsOf } from '../agent/reports.ts';

export const namespace = 'team';

/** A control plane with one Gateway that speaks mutual TLS on both sides, and the Workload `edge` that it is. */
export class WorkloadFixture implements AsyncDisposable {
  readonly installation: Installation;
  readonly client: ApiClient;
  readonly folder: string;
  readonly #closing: (() => Promise<unknown> | void)[] = [];

  private constructor(installation: Installation, folder: string) {
    this.installation = installation;
    this.client = openClient(installation.access);
    this.folder = folder;
  }

  static async open(): Promise<WorkloadFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'chancery-gateway-'));
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const installation = await startInstallation({ directory: folder, apiPort: 0, version: 'test', logger });
    const fixture = new WorkloadFixture(installation, folder);
    await fixture.#declare();
    return fixture;
  }

  /** With the rights of a node. */
  get nodeAccess(): ClientAccess {
    const { gatewayKubeconfig } = this.installation;
    return parseKubeconfig(readFileSync(gatewayKubeconfig, 'utf8'), gatewayKubeconfig);
  }

  async put(apiVersion: string, kind: string, name: string, fields: object): Promise<void> {
    const object = { apiVersion, kind, metadata: { name, namespace }, ...fields };
    const resource = this.installation.registry.byKind(apiVersion, kind)!;
    await this.client.apply(resource, object, { fieldManager: 'test', force: true });
  }

  async certificate(name: string, spec: object): Promise<void> {
    const privateKey = { algorithm: name === 'ca' ? 'RSA' : 'ECDSA' };
    await this.put('cert-manager.io/v1', 'Certificate', name, { spec: { secretName: name, privateKey, ...spec } });
  }

  leaf(name: string, more: object = {}): Promise<void> {
    const usages = ['digital signature', 'server auth', 'client auth'];
    return this.certificate(name, {
      commonName: name,
      dnsNames: ['localhost'],
      usages,
      issuerRef: { name: 'ca' },
      ...more,
    });
  }

  async bundle(spec: object = {}): Promise<void> {
    await this.put('chancery.dev/v1', 'TrustBundle', 'internal', {
      spec: { sources: [{ certificateRef: { name: 'ca' } }], ...spec },
    });
  }

  async workload(spec: Partial<Workload['spec']> = {}): Promise<void> {
    await this.put('chancery.dev/v1', 'Workload', 'edge', { spec: { ...edge, ...spec } });
  }

  /** Without a state directory when nothing shall be kept. */
  async node({ isKept = true }: { readonly isKept?: boolean } = {}): Promise<GatewayNode> {
    const node = await startGatewayNode({
      access: () => this.nodeAccess,
      gateway: { namespace, name: 'edge' },
      node: 'node-1',
      version: 'test',
      host: '127.0.0.1',
      port: 0,
      ...(isKept ? { stateDirectory: join(this.folder, 'state') } : {}),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      proof: { retryMilliseconds: 20 },
    });
    this.#closing.push(() => node.stop(0));
    return node;
  }

  async report(name = 'node-1'): Promise<InstanceReport | undefined> {
    return (await reportsOf(this.client, namespace, 'edge')).get(name);
  }

  /** The report on `name` once it is as wanted. */
  async until(name: string, isWanted: (report: MaterialReport) => boolean): Promise<MaterialReport> {
    return this.waitFor(`${name} as wanted`, async () => {
      const report = (await this.report())?.materials?.find((one) => one.name === name);
      return report !== undefined && isWanted(report) ? report : undefined;
    });
  }

  async waitFor<T>(what: string, look: () => Promise<T | undefined>, seconds = 20): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > end)
        throw new Error(`${what}: not seen; ${JSON.stringify(await this.report(), null, 1)}`);
      await delay(20);
    }
  }

  async secret(name: string): Promise<Secret> {
    return this.waitFor(`Secret ${name}`, async () => {
      const found = await this.client.get<Secret>(secretKind, name, namespace).catch(() => undefined);
      return found?.data?.['tls.crt'] === undefined ? undefined : found;
    });
  }

  /** What was issued into a Secret. */
  async material(name: string): Promise<{ readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer }> {
    const { data = {} } = await this.secret(name);
    const [cert, key, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map((one) => Buffer.from(data[one] ?? '', 'base64'));
    return { cert: cert!, key: key!, ca: ca! };
  }

  /** A server of HTTPS that asks for certificates of the CA. */
  async #backend(): Promise<number> {
    const { cert, key, ca } = await this.material('backend');
    const server = createServer({ cert, key, ca, requestCert: true }, (_, answer) => answer.end('ok'));
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closing.push(() => server.close().closeAllConnections());
    return (server.address() as AddressInfo).port;
  }

  async #declare(): Promise<void> {
    await this.client.create(namespaceKind, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    await this.put('cert-manager.io/v1', 'Issuer', 'self', { spec: { selfSigned: {} } });
    for (const name of ['ca', 'other-ca']) {
      await this.certificate(name, { isCA: true, commonName: name, issuerRef: { name: 'self' } });
    }
    await this.put('cert-manager.io/v1', 'Issuer', 'ca', { spec: { ca: { secretName: 'ca' } } });
    for (const name of ['front', 'backend']) await this.leaf(name);
    await this.bundle();
    const stores = { keystoreRef: { name: 'front' }, truststoreRef: { name: 'internal' } };
    const spec = (kind: string, name: string, fields: object): Promise<void> =>
      this.put('chancery.dev/v1', kind, name, { spec: fields });
    await spec('Keystore', 'front', { certificateRef: { name: 'front' } });
    await spec('Truststore', 'internal', { sources: [{ trustBundleRef: { name: 'internal' } }] });
    await spec('TLSServerProfile', 'front', { ...stores, mutualAuthentication: 'require' });
    await spec('TLSClientProfile', 'back', stores);
    await spec('Gateway', 'edge', { sni: [{ host: 'localhost', tlsServerProfileRef: { name: 'front' } }] });
    const production = { url: `https://localhost:${await this.#backend()}`, tlsClientProfileRef: { name: 'back' } };
    await spec('API', 'pets', { version: '1.0.0', basePath: '/pets', endpoints: { production } });
    await this.workload();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.toReversed()) await close();
    this.client.close();
    await this.installation.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const edge: Workload['spec'] = {
  driver: 'gateway',
  gatewayRef: { name: 'edge' },
  presents: [{ name: 'own', keystoreRef: { name: 'front' } }],
  trusts: [{ name: 'internal', truststoreRef: { name: 'internal' } }],
  listens: [
    {
      name: 'https',
      serverName: 'localhost',
      presents: 'own',
      clientTrust: 'internal',
      mutualAuthentication: 'require',
    },
  ],
};
