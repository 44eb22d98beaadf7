import { createServer, ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { failureAnswer } from '../failures/answer.ts';
import type { CallerFailureCode } from '../failures/codes.ts';
import type { GatewayLimits } from '../limits.ts';
import type { CallerConnection } from './caller-connection.ts';
import { onFirstBytes } from './first-bytes.ts';
import { Http1Caller } from './http1-caller.ts';
import type { Proxy } from './proxy.ts';

const codesOfParser: Readonly<Record<string, CallerFailureCode>> = {
  HPE_HEADER_OVERFLOW: 'header-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'caller-timeout',
};

/** Speaks HTTP/1.x with callers, by Node's parser in its strict mode, over connections that listeners hand in. */
export class Http1Front {
  readonly #server: Server;
  readonly #proxy: Proxy;
  readonly #silentMilliseconds: number;
  readonly #connections = new WeakMap<Duplex, CallerConnection>();
  /** Connections that have not sent a request yet, which Node does not count among the idle ones. */
  readonly #unused = new Set<Duplex>();
  #draining = false;

  constructor(proxy: Proxy, limits: GatewayLimits) {
    this.#proxy = proxy;
    this.#silentMilliseconds = limits.headersMilliseconds;
    this.#server = createServer(optionsFor(limits));
    this.#server.timeout = limits.idleMilliseconds;
    // Node cuts a longer list short without a word; the proxy refuses it.
    this.#server.maxHeadersCount = 0;
    this.#server.on('request', (request, response) => this.#accept(request, response, false));
    this.#server.on('checkContinue', (request, response) => this.#accept(request, response, true));
    this.#server.on('checkExpectation', (request, response) => this.#refuseExpectation(request, response));
    this.#server.on('upgrade', (request, socket) => this.#acceptUpgrade(request, socket as TLSSocket));
    this.#server.on('connect', (_request, socket) => refuseRaw(socket, 'method-refused'));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      refuseRaw(socket, codesOfParser[error.code ?? ''] ?? 'bad-request');
    });
    // The server never listens itself, but only a listening one looks after time limits and idle connections.
    this.#server.emit('listening');
  }

  take(socket: TLSSocket, connection: CallerConnection): void {
    this.#connections.set(socket, connection);
    this.#unused.add(socket);
    socket.once('close', () => this.#unused.delete(socket));
    onFirstBytes(socket, this.#silentMilliseconds, () => this.#server.emit('connection', socket));
  }

  /** Closes unused connections, and each other one after the answer that is due on it. */
  drain(): void {
    this.#draining = true;
    this.#server.closeIdleConnections();
    for (const socket of this.#unused) socket.destroy();
  }

  close(): void {
    this.#server.close();
  }

  #accept(request: IncomingMessage, response: ServerResponse, awaitsInvitation: boolean): void {
    if (this.#draining) response.shouldKeepAlive = false;
    const { socket } = request;
    this.#unused.delete(socket);
    this.#proxy.accept(new Http1Caller(this.#connections.get(socket)!, request, response, awaitsInvitation));
  }

  #refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#connections.get(request.socket)!;
    this.#proxy.refuse(new Http1Caller(connection, request, response), 'expectation-failed');
  }

  /** Node lets go of a socket that asks for an upgrade; when it is refused the answer is an ordinary one, and the last. */
  #acceptUpgrade(request: IncomingMessage, socket: TLSSocket): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    socket.on('error', ignore);
    this.#proxy.accept(new Http1Caller(this.#connections.get(socket)!, request, response));
  }
}

function optionsFor(limits: GatewayLimits): Parameters<typeof createServer>[0] {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMilliseconds,
    // An upload may take as long as it moves; `timeout` ends those that do not.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMilliseconds,
    connectionsCheckingInterval: Math.min(1000, limits.headersMilliseconds),
    insecureHTTPParser: false,
    // The proxy does both, from the raw list of headers; Node would build an object of them first.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  };
}

function refuseRaw(socket: Duplex, code: CallerFailureCode): void {
  if (!socket.writable) return void socket.destroy();
  const { status, headers, body } = failureAnswer(code);
  let text = `HTTP/1.1 ${status} ${code}\r\nconnection: close\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return void socket.end(`${text}\r\n${body}`, () => socket.destroy());
}

/** `close` follows. */
function ignore(): void {}
