import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Agent } from 'node:https';
import type { TestServer } from './server-fixture.ts';
import { tokens } from './server-fixture.ts';
import { testPKI } from './test-pki.ts';

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whose token to send; null sends none. */
  readonly as?: keyof typeof tokens | null;
  /** Whose connections to use; left out, one of its own. */
  readonly agent?: Agent;
  readonly cert?: string;
  readonly key?: string;
}

export interface RawAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body read as JSON. */
  readonly json: WireObject;
}

/** As much of any answer as the tests look at. */
export interface WireObject {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly group?: string;
    readonly uid?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly field?: string; readonly message?: string }[];
  };
  readonly metadata: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Record<string, string>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly items?: readonly WireObject[];
  readonly [field: string]: unknown;
}

/** One request over a connection of its own, exactly as given. */
export async function sendRaw(server: TestServer, wanted: RawRequest): Promise<RawAnswer> {
  const answer = await openRaw(server, wanted);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    code: answer.statusCode ?? 0,
    headers: answer.headers,
    text,
    get json() {
      return JSON.parse(text) as WireObject;
    },
  };
}

/** The same, with the answer's body still to be read. */
export function openRaw(server: TestServer, wanted: RawRequest): Promise<IncomingMessage> {
  const { method = 'GET', path, headers = {}, body, as = 'administrator', agent = false, cert, key } = wanted;
  const { hostname, port } = new URL(server.server.url);
  const authorization = as === null ? {} : { authorization: `Bearer ${tokens[as]}` };
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path,
        agent,
        ca: testPKI().ca,
        headers: { ...authorization, ...length, ...headers },
        ...(cert === undefined ? {} : { cert, key }),
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** Path of the ConfigMaps of the namespace that every test server has. */
export const configMaps = '/api/v1/namespaces/default/configmaps';
export const certificates = '/apis/cert-manager.io/v1/namespaces/default/certificates';
export const jsonBody = { 'content-type': 'application/json' };

export function configMap(name: string, data: Record<string, string> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

export function certificate(name: string): object {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name },
    spec: { secretName: `${name}-tls`, dnsNames: [`${name}.example.com`], issuerRef: { name: 'ca' } },
  };
}
