import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, request, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { ApiClient } from '#edge/api';
import { startGatewayNode, type GatewayNode, type GatewayNodeOptions } from '#edge/gateway';
import type { KubeObject } from '#model/objects';
import { builtinKinds, createRegistry, gatewayNodeKind, type GatewayNode as NodeObject } from '#model/resources';
import { subjectAltNameExtension } from '#pki/x509';
import { makeCA, makeCertificate, type Fixture } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { startTestServer, type TestServer } from '../server/server-fixture.ts';

const registry = createRegistry(builtinKinds);
export const backendCA = makeCA('backend ca');

export function certify(host: string, issuer: Fixture = backendCA): Fixture {
  return makeCertificate({
    subject: host,
    issuer,
    extensions: [subjectAltNameExtension([{ type: 'dns', value: host }], false)],
  });
}

export const pemOf = (...fixtures: readonly Fixture[]): string =>
  fixtures.map(({ certificate }) => certificate.toPEM()).join('');

/** One Gateway with a default listener, one API, and a backend of its own; and nodes that run it. */
export class GatewayFixture implements AsyncDisposable {
  readonly server: TestServer;
  readonly client: ApiClient;
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-gateway-'));
  readonly nodes: GatewayNode[] = [];
  readonly warnings: string[] = [];
  readonly #closing: (() => void)[] = [];

  constructor(server: TestServer) {
    this.server = server;
    this.client = server.client();
  }

  /** Creates or replaces an object of the namespace team. */
  async put(kind: string, name: string, fields: object): Promise<KubeObject> {
    const apiVersion = kind === 'Secret' ? 'v1' : 'chancery.dev/v1';
    const object = { apiVersion, kind, metadata: { name, namespace: 'team' }, ...fields };
    const { object: put } = await this.client.apply(registry.byKind(apiVersion, kind)!, object, {
      fieldManager: 'test',
      force: true,
    });
    return put;
  }

  async remove(kind: string, name: string): Promise<void> {
    const apiVersion = kind === 'Secret' ? 'v1' : 'chancery.dev/v1';
    await this.client.delete(registry.byKind(apiVersion, kind)!, name, { namespace: 'team' });
  }

  secret(name: string, fixture: Fixture): Promise<KubeObject> {
    const stringData = { 'tls.crt': pemOf(fixture), 'tls.key': fixture.key.toPEM('PKCS8') };
    return this.put('Secret', name, { type: 'kubernetes.io/tls', stringData });
  }

  /** A listener for every host with a keystore from the Secret `front`. */
  async declareGateway(front: Fixture = certify('front.example')): Promise<void> {
    await this.secret('front', front);
    await this.put('Keystore', 'front', { spec: { secretRef: { name: 'front' } } });
    await this.put('TLSServerProfile', 'front', { spec: { keystoreRef: { name: 'front' } } });
    const sni = [{ host: '*', tlsServerProfileRef: { name: 'front' } }];
    await this.put('Gateway', 'edge', { spec: { sni } });
  }

  async declareAPI(port: number): Promise<void> {
    const production = { url: `https://localhost:${port}/base` };
    await this.put('API', 'pets', { spec: { version: '1.0.0', basePath: '/pets', endpoints: { production } } });
  }

  trust(name: string, port: number, ...fixtures: readonly Fixture[]): Promise<KubeObject> {
    const spec = { alias: name, endpoint: `localhost:${port}`, certificate: pemOf(...fixtures) };
    return this.put('EndpointCertificate', name, { spec });
  }

  /** An HTTPS server on 127.0.0.1 that says what it was asked; answers its port. */
  async backend(fixture: Fixture, options: ServerOptions = {}): Promise<number> {
    const material = { cert: pemOf(fixture), key: fixture.key.toPEM('PKCS8') };
    const server = createServer({ ...material, ...options }, (incoming, answer) => answer.end(`asked ${incoming.url}`));
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#closing.push(() => server.close().closeAllConnections());
    return (server.address() as AddressInfo).port;
  }

  async node(options: Partial<GatewayNodeOptions> = {}): Promise<GatewayNode> {
    const note = (fields: object, message: string): void =>
      void this.warnings.push(`${message} ${JSON.stringify(fields)}`);
    const node = await startGatewayNode({
      access: () => this.server.access(),
      gateway: { namespace: 'team', name: 'edge' },
      node: 'node-1',
      version: 'test',
      host: '127.0.0.1',
      port: 0,
      stateDirectory: this.folder,
      log: { info: () => undefined, warn: note, error: note },
      ...options,
    });
    this.nodes.push(node);
    return node;
  }

  /** Status of a node's object, once it is as wanted. */
  async status(
    isWanted: (status: NonNullable<NodeObject['status']>) => boolean,
    node = 'node-1',
  ): Promise<NonNullable<NodeObject['status']>> {
    const request = { namespace: 'team', fieldSelector: `metadata.name=${node}` };
    for await (const { object } of this.client.watch<NodeObject>(gatewayNodeKind, request)) {
      if (object.status !== undefined && isWanted(object.status)) return object.status;
    }
    throw new Error('the watch ended');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop(0)));
    for (const close of this.#closing) close();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function startFixture(): Promise<GatewayFixture> {
  return new GatewayFixture(await startTestServer());
}

/** What a caller of the gateway gets. */
export interface Got {
  readonly code: number;
  readonly error: string | undefined;
  readonly body: string;
  /** SHA-256 of the certificate that was shown, lower case, without colons. */
  readonly fingerprint: string;
}

export function call(node: GatewayNode, path: string): Promise<Got> {
  const options = { ...node.address, path, rejectUnauthorized: false, agent: false, servername: 'front.example' };
  return new Promise((resolve, reject) => {
    request(options, (answer) => resolve(gotOf(answer)))
      .once('error', reject)
      .end();
  });
}

async function gotOf(answer: IncomingMessage): Promise<Got> {
  const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate();
  return {
    code: answer.statusCode ?? 0,
    error: answer.headers['chancery-error'] as string | undefined,
    body: await text(answer),
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
