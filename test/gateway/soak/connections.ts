import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect as connectHTTP2, type ClientHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import type { Fixture } from '../../../src/pki/x509/certificates/certificate.fixture.ts';
import { pem } from './backends.ts';
import type { Front } from './scene.ts';

export type Protocol = 'http/1.1' | 'h2';

export interface Answer {
  readonly status: number;
  /** `Chancery-Error`. */
  readonly error: string | undefined;
  readonly body: string;
  /** The gateway takes no more on this connection, because it did not want the rest of the request. */
  readonly isLast: boolean;
}

export interface Asked {
  readonly path: string;
  readonly body: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A caller's connection to the gateway. */
export interface Connection {
  /** SHA-256 of the certificate that the gateway showed. */
  readonly shown: string;
  ask(asked: Asked): Promise<Answer>;
  close(): void;
}

const patienceMilliseconds = 10_000;

/** A handshake with one host, with a client certificate or without; no resumption, nothing verified but by who asks. */
export async function secure(port: number, host: string, protocol: Protocol, caller?: Fixture): Promise<TLSSocket> {
  const identity = caller === undefined ? {} : { cert: pem(caller), key: caller.key.toPEM('PKCS8') };
  const options = { host: '127.0.0.1', port, servername: host, ALPNProtocols: [protocol], rejectUnauthorized: false };
  const socket = connect({ ...options, ...identity });
  socket.on('error', () => undefined);
  await inTime(once(socket, 'secureConnect'), socket);
  return socket;
}

/** Fails, and destroys what is waited for, when it takes too long. */
async function inTime<T>(promise: Promise<T>, what: { destroy(): unknown }): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error('it takes too long'));
    what.destroy();
  }, patienceMilliseconds);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export function fingerprintOf(socket: TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
}

export async function openConnection(
  port: number,
  { host }: Front,
  protocol: Protocol,
  caller?: Fixture,
): Promise<Connection> {
  const socket = await secure(port, host, protocol, caller);
  const shown = fingerprintOf(socket);
  return protocol === 'h2' ? overHTTP2(socket, shown, host) : overHTTP1(socket, shown, host);
}

function overHTTP1(socket: TLSSocket, shown: string, host: string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;
  const ask = async ({ path, body, headers }: Asked): Promise<Answer> => {
    if (socket.destroyed) throw new Error('the connection was closed');
    const method = body === undefined ? 'GET' : 'POST';
    const asking = request({ agent, host, path, method, headers: { ...headers, host } });
    asking.end(body);
    return inTime(answerTo(asking), asking);
  };
  return { shown, ask, close: () => close(agent, socket) };
}

async function answerTo(asking: ClientRequest): Promise<Answer> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const { statusCode = 0, headers } = answer;
  const error = headers['chancery-error'] as string | undefined;
  return { status: statusCode, error, body: await text(answer), isLast: headers.connection === 'close' };
}

function close(agent: Agent, socket: TLSSocket): void {
  agent.destroy();
  socket.destroy();
}

function overHTTP2(socket: TLSSocket, shown: string, host: string): Connection {
  const session = connectHTTP2(`https://${host}`, { createConnection: () => socket });
  session.on('error', () => undefined);
  const ask = async ({ path, body, headers }: Asked): Promise<Answer> => {
    const stream = session.request({ ...headers, ':path': path, ':method': body === undefined ? 'GET' : 'POST' });
    stream.end(body);
    return inTime(answerOn(stream), stream);
  };
  return { shown, ask, close: () => session.destroy() };
}

async function answerOn(stream: ClientHttp2Stream): Promise<Answer> {
  // A session that ends takes its streams along without an error.
  const closed = once(stream, 'close').then(() => Promise.reject(new Error('the stream was closed')));
  closed.catch(() => undefined);
  const [headers] = (await Promise.race([once(stream, 'response'), closed])) as [Record<string, string | undefined>];
  const body = await text(stream);
  return { status: Number(headers[':status']), error: headers['chancery-error'], body, isLast: false };
}
