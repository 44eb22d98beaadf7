import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  authorityKeyIdExtension,
  generateKey,
  keyIdentifier,
  p256,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from '#pki/x509';
import { makeCA, makeCertificate, type Fixture } from '../../../src/pki/x509/certificates/certificate.fixture.ts';

/** What a backend tells of a request: what it is itself, and what came to it. */
export interface Echo {
  readonly backend: string;
  readonly path: string;
  readonly bytes: number;
  readonly clientCert: string | undefined;
}

export interface Backend {
  readonly ca: Fixture;
  readonly leaf: Fixture;
  readonly host: string;
  readonly port: number;
  stop(): void;
}

export interface BackendOptions {
  readonly name: string;
  /** Lets in only who shows a certificate of this CA. */
  readonly callers?: Fixture;
  readonly speaksHTTP2?: boolean;
  /** By address, which its certificate names. */
  readonly byAddress?: boolean;
}

export const pem = (...fixtures: readonly Fixture[]): string =>
  fixtures.map(({ certificate }) => certificate.toPEM()).join('');

/** A CA that is told from its namesakes by its key identifier, as real ones are. */
export function authority(name: string): Fixture {
  const key = generateKey(p256);
  return makeCA(name, undefined, { key, extensions: [subjectKeyIdExtension(keyIdentifier(key.spki))] });
}

export function certify(host: string, issuer: Fixture): Fixture {
  const name = /^[\d.]+$/u.test(host)
    ? ({ type: 'ip', value: host } as const)
    : ({ type: 'dns', value: host } as const);
  const extensions = [subjectAltNameExtension([name], false), authorityKeyIdExtension(keyIdentifier(issuer.key.spki))];
  return makeCertificate({ subject: host, issuer, extensions });
}

/** An HTTPS server on 127.0.0.1 with a CA of its own, which sends its CA along. Every upgrade becomes an echo. */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const ca = authority(`${options.name} ca`);
  const host = options.byAddress === true ? '127.0.0.1' : 'localhost';
  const leaf = certify(host, ca);
  const server = serverFor(options, leaf, ca);
  server.on('upgrade', acceptUpgrade).on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ca, leaf, host, port: (server.address() as AddressInfo).port, stop: () => server.close() };
}

function serverFor({ name, callers, speaksHTTP2 }: BackendOptions, leaf: Fixture, ca: Fixture): Server {
  const material = { cert: pem(leaf, ca), key: leaf.key.toPEM('PKCS8') };
  const mutual = callers === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: pem(callers) };
  const answer = answerFor(name);
  if (speaksHTTP2 !== true) return createServer({ ...material, ...mutual }, answer);
  return createSecureServer({ ...material, ...mutual, allowHTTP1: true }, answer as never);
}

function answerFor(backend: string): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    let bytes = 0;
    request.on('data', (piece: Buffer) => (bytes += piece.length));
    request.on('end', () => {
      const clientCert = request.headers['client-cert'] as string | undefined;
      const echo: Echo = { backend, path: request.url ?? '', bytes, clientCert };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
    });
  };
}

/** The frames of a WebSocket are nothing to a gateway: what comes goes back. */
function acceptUpgrade(request: IncomingMessage, socket: Duplex): void {
  const accept = request.headers['sec-websocket-key'] ?? '';
  socket.on('error', () => undefined);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.pipe(socket);
}
