import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { AgentOptions, RequestOptions } from 'node:https';
import { CodedError } from '#errors';
import { failureFromStatus } from './failures.ts';

/** Where the server is and who the client is. `server` may carry a path prefix; certificates and keys are PEM. */
export interface ClientAccess {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly serverName?: string;
  readonly userAgent?: string;
  /** Connections for everything but watches; default 16. */
  readonly maxSockets?: number;
}

export interface TransportRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly accept?: string;
  /** The answer takes its time, and a connection of its own. */
  readonly longLived?: boolean;
  readonly signal?: AbortSignal;
}

export interface TransportAnswer {
  readonly code: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: IncomingMessage;
}

/**
 * `unreachable` on a connection that had worked before: its other end has forgotten it. So it may have forgotten others,
 * and who only reads from them never learns.
 */
export class ConnectionBroken extends CodedError {
  constructor(message: string, cause: unknown) {
    super('unreachable', message, { hint: 'Try again: another connection may work.', cause });
  }
}

/** One server's connections. */
export interface Transport {
  /** Fails with the server's own failure for every answer of 400 and above, and `unreachable` without an answer. */
  send(request: TransportRequest): Promise<TransportAnswer>;
  close(): void;
}

export function openTransport(access: ClientAccess): Transport {
  const base = new URL(access.server);
  let agents: Agents | undefined;
  return {
    send: async (request) => {
      agents ??= openAgents(access);
      return send(base, request.longLived ? agents.own : agents.shared, access, request);
    },
    close: () => {
      agents?.shared.destroy();
      agents?.own.destroy();
      agents = undefined;
    },
  };
}

interface Agents {
  readonly shared: Agent;
  /** Watches would hold all the shared connections, and everything else would wait for them. */
  readonly own: Agent;
}

function openAgents(access: ClientAccess): Agents {
  const identity = identityOf(access);
  return {
    shared: new Agent({ ...identity, keepAlive: true, maxSockets: access.maxSockets ?? 16 }),
    own: new Agent(identity),
  };
}

/** One context for all connections: keys and certificates are read once. */
function identityOf({ ca, cert, key, serverName }: ClientAccess): AgentOptions {
  const secureContext = createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  return { secureContext, ...(serverName === undefined ? {} : { servername: serverName }) };
}

async function send(
  base: URL,
  agent: Agent,
  access: ClientAccess,
  request: TransportRequest,
): Promise<TransportAnswer> {
  const body = await exchange(optionsFor(base, agent, access, request), request);
  const code = body.statusCode ?? 0;
  if (code < 400) return { code, headers: body.headers, body };
  throw failureFromStatus(code, parseLoosely(await readAll(body)));
}

function optionsFor(base: URL, agent: Agent, access: ClientAccess, request: TransportRequest): RequestOptions {
  return {
    agent,
    hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: base.port === '' ? 443 : Number(base.port),
    method: request.method,
    path: `${base.pathname.replace(/\/$/, '')}${request.path}${formatQuery(request.query)}`,
    headers: headersFor(access, request),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
}

function formatQuery(query: TransportRequest['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return '';
  return `?${new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}

function headersFor(access: ClientAccess, request: TransportRequest): Record<string, string> {
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': access.userAgent ?? 'chancery',
    ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
    ...(request.body === undefined
      ? {}
      : {
          'content-type': request.contentType ?? 'application/json',
          'content-length': String(Buffer.byteLength(request.body)),
        }),
  };
}

/** After so much silence the other end is asked whether it is still there. */
const aliveMilliseconds = 20_000;

function exchange(options: RequestOptions, request: TransportRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(options, resolve);
    // Who only reads never learns that the other end has forgotten the connection.
    if (request.longLived === true) outgoing.once('socket', (socket) => socket.setKeepAlive(true, aliveMilliseconds));
    outgoing.once('error', (cause) => {
      const { signal } = request;
      reject(signal?.aborted ? abortReason(signal) : unreachable(options, cause, outgoing.reusedSocket));
    });
    outgoing.end(request.body);
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

function unreachable({ hostname, port }: RequestOptions, cause: Error, isReused: boolean): CodedError {
  const message = `cannot reach https://${hostname}:${port}: ${cause.message}`;
  const hint = 'Check that the server runs and that the kubeconfig belongs to it.';
  return isReused ? new ConnectionBroken(message, cause) : new CodedError('unreachable', message, { hint, cause });
}

/** The whole body as text. */
export async function readAll(body: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw new CodedError('unreachable', 'the connection broke before the answer was complete', { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
