import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKubeconfig, type ApiClient, type ClientAccess } from '#edge/api';
import { startGatewayNode, type GatewayNode } from '#edge/gateway';
import type { KubeObject } from '#model/objects';
import { builtinKinds, createRegistry } from '#model/resources';
import { subjectAltNameExtension } from '#pki/x509';
import { makeCA, makeCertificate, type Fixture } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { startControlPlane, type ControlPlane } from '../../test/installation/control-plane.ts';
import { readFileSync } from 'node:fs';

const registry = createRegistry(builtinKinds);
const namespace = 'bench';
export const backendCA = makeCA('bench backend ca');

function certify(host: string): Fixture {
  const extensions = [subjectAltNameExtension([{ type: 'dns', value: host }], false)];
  return makeCertificate({ subject: host, issuer: backendCA, extensions });
}

/** A control plane in a process of its own; a backend and gateway nodes in this one. */
export class World implements AsyncDisposable {
  readonly controlPlane: ControlPlane;
  readonly nodes: GatewayNode[] = [];
  readonly #folder: string;
  readonly #backends: (() => void)[] = [];

  private constructor(controlPlane: ControlPlane, folder: string) {
    this.controlPlane = controlPlane;
    this.#folder = folder;
  }

  static async start(): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'chancery-propagation-'));
    return new World(await startControlPlane(folder), folder);
  }

  get client(): ApiClient {
    return this.controlPlane.client;
  }

  async put(kind: string, name: string, fields: object): Promise<KubeObject> {
    const apiVersion = ['Secret', 'Namespace'].includes(kind) ? 'v1' : 'chancery.dev/v1';
    const object = { apiVersion, kind, metadata: { name, ...(kind === 'Namespace' ? {} : { namespace }) }, ...fields };
    const options = { fieldManager: 'bench', force: true };
    return (await this.client.apply(registry.byKind(apiVersion, kind)!, object, options)).object;
  }

  /** One gateway for every host, and one API whose backend nobody trusts yet. Answers the backend's port. */
  async declare(): Promise<number> {
    await this.put('Namespace', namespace, {});
    const front = certify('front.example');
    const stringData = { 'tls.crt': front.certificate.toPEM(), 'tls.key': front.key.toPEM('PKCS8') };
    await this.put('Secret', 'front', { type: 'kubernetes.io/tls', stringData });
    await this.put('Keystore', 'front', { spec: { secretRef: { name: 'front' } } });
    await this.put('TLSServerProfile', 'front', { spec: { keystoreRef: { name: 'front' } } });
    await this.put('Gateway', 'edge', { spec: { sni: [{ host: '*', tlsServerProfileRef: { name: 'front' } }] } });
    const port = await this.#startBackend();
    const endpoints = { production: { url: `https://localhost:${port}` } };
    await this.put('API', 'pets', { spec: { version: '1.0.0', basePath: '/pets', endpoints } });
    return port;
  }

  async startNodes(count: number): Promise<void> {
    const access = this.#access();
    while (this.nodes.length < count) {
      const node = await startGatewayNode({
        access: () => access,
        gateway: { namespace, name: 'edge' },
        node: `node-${this.nodes.length + 1}`,
        version: 'bench',
        host: '127.0.0.1',
        port: 0,
        log: { info: () => undefined, warn: () => undefined, error: console.error },
      });
      this.nodes.push(node);
      await node.ready;
    }
  }

  trust(port: number): Promise<KubeObject> {
    const certificate = backendCA.certificate.toPEM();
    return this.put('EndpointCertificate', 'pets', {
      spec: { alias: 'pets', endpoint: `localhost:${port}`, certificate },
    });
  }

  async distrust(): Promise<void> {
    const annotations = { 'chancery.dev/force-delete': 'bench' };
    const kind = registry.byKind('chancery.dev/v1', 'EndpointCertificate')!;
    await this.client.patch(kind, 'pets', 'merge', { metadata: { annotations } }, { namespace });
    await this.client.delete(kind, 'pets', { namespace });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop(0)));
    for (const close of this.#backends) close();
    await this.controlPlane.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #access(): ClientAccess {
    const path = join(this.#folder, 'gateway.kubeconfig');
    return parseKubeconfig(readFileSync(path, 'utf8'), path);
  }

  async #startBackend(): Promise<number> {
    const { certificate, key } = certify('localhost');
    const material = { cert: certificate.toPEM(), key: key.toPEM('PKCS8') };
    const server = createServer(material, (_, answer) => answer.end('here')).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    this.#backends.push(() => server.close().closeAllConnections());
    return (server.address() as AddressInfo).port;
  }
}
