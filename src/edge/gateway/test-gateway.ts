import { once } from 'node:events';
import { createServer as createHTTP } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHTTPS, request as requestHTTPS } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerOptions } from 'node:https';
import type { TestContext } from 'node:test';
import type { Gateway } from './gateway.ts';
import type { GatewayLimits } from './limits.ts';
import { openGateway } from './open-gateway.ts';
import { listenerPlan, routePlan, testCA, testIdentity, upstreamPlan } from './test-material.ts';
import type { TestCA } from './test-material.ts';

export interface LogLine {
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly port: number;
  readonly log: LogLine[];
}

/** An open gateway with nothing loaded; closed when the test ends. */
export async function testGateway(t: TestContext, limits: Partial<GatewayLimits> = {}): Promise<TestGateway> {
  const log: LogLine[] = [];
  const note = (fields: object, message: string): void => void log.push({ message, fields: { ...fields } });
  const gateway = await openGateway({
    host: '127.0.0.1',
    port: 0,
    limits,
    log: { info: note, warn: note, error: note },
  });
  t.after(() => gateway.close());
  return { gateway, port: gateway.address.port, log };
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A backend on 127.0.0.1, plain or with TLS; closed when the test ends. */
export async function testBackend(
  t: TestContext,
  handler: Handler,
  tls?: ServerOptions,
): Promise<{ port: number; server: Server }> {
  const server: Server = tls === undefined ? createHTTP(handler) : createHTTPS(tls, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

/** The CA that signs the listeners' and the backends' certificates of the tests. */
export const ca: TestCA = testCA('test CA');
export const serverIdentity = testIdentity(ca, { names: ['localhost', 'a.test', '127.0.0.1'] });

export function serverTLS(identity = serverIdentity): { cert: string; key: string } {
  return { cert: identity.certificatePEM, key: identity.privateKeyPEM };
}

/** A gateway whose one API, under `/api`, is served by `handler` behind TLS. */
export async function gatewayBefore(
  t: TestContext,
  handler: Handler,
  limits: Partial<GatewayLimits> = {},
): Promise<TestGateway & { backendPort: number }> {
  const opened = await testGateway(t, limits);
  const { port } = await testBackend(t, handler, serverTLS());
  const refused = opened.gateway.apply({
    listeners: [listenerPlan('*', serverIdentity)],
    routes: [routePlan('/api', upstreamPlan(port, { anchors: [ca.anchor] }))],
  });
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return { ...opened, backendPort: port };
}

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly servername?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface Called {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: string;
  /** What the gateway says in `Chancery-Error`. */
  readonly code: string | undefined;
}

/** One request over HTTP/1.1 on a connection of its own. */
export async function call(port: number, path: string, { body, ...options }: Call = {}): Promise<Called> {
  const request = requestHTTPS({
    host: '127.0.0.1',
    port,
    path,
    ca: ca.anchor.pem,
    servername: 'localhost',
    agent: false,
    ...options,
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const code = response.headers['chancery-error'];
  return {
    status: response.statusCode!,
    headers: response.headers,
    trailers: response.trailers,
    body: Buffer.concat(chunks).toString(),
    code: typeof code === 'string' ? code : undefined,
  };
}
