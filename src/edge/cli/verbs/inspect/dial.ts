import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { CodedError } from '#errors';
import type { Source } from '#pki/inspect';
import type { Endpoint } from './endpoint.ts';

/** How a handshake went. */
export interface Connection {
  readonly protocol: string;
  readonly cipher: string;
  /** What the system's own trust store says of the server: `trusted`, or why not. */
  readonly verdict: string;
  /** Why the handshake broke off after the server had shown its certificates; often it wants one of the client. */
  readonly interrupted?: string;
}

export interface Presented {
  readonly source: Source;
  readonly connection: Connection;
}

const timeoutMilliseconds = 10_000;

/** Old protocols and weak ciphers are looked at too: what a server shows is the question, not whether it is good. */
const anything: ConnectionOptions = {
  rejectUnauthorized: false,
  minVersion: 'TLSv1',
  ciphers: 'ALL:@SECLEVEL=0',
  timeout: timeoutMilliseconds,
};

/**
 * Makes a handshake and answers the certificates that the server showed, trusted or not. Fails with unreachable. The
 * verdict comes from a handshake of its own: with a trust store, Node completes the chain from it.
 */
export async function dial(endpoint: Endpoint, signal: AbortSignal): Promise<Presented> {
  const shown = await shake(endpoint, { ca: [] }, signal);
  const verdict = await shake(endpoint, {}, signal).then(verdictOf, () => 'not known');
  const { protocol, cipher, chain, interrupted } = shown;
  const name = `${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  return {
    source: { name, bytes: new TextEncoder().encode(chain) },
    connection: { protocol, cipher, verdict, ...(interrupted !== undefined && { interrupted }) },
  };
}

interface Handshake {
  readonly protocol: string;
  readonly cipher: string;
  /** PEM. */
  readonly chain: string;
  readonly refusal: string | undefined;
  readonly interrupted: string | undefined;
}

function verdictOf({ refusal, interrupted }: Handshake): string {
  if (interrupted !== undefined) return 'not known';
  return refusal === undefined ? 'trusted' : `not trusted (${refusal})`;
}

function shake(endpoint: Endpoint, trust: ConnectionOptions, signal: AbortSignal): Promise<Handshake> {
  const { host, port, serverName } = endpoint;
  return new Promise((resolve, reject) => {
    const servername = isIP(serverName) === 0 ? serverName : undefined;
    const socket = connect({ ...anything, ...trust, host, port, ...(servername !== undefined && { servername }) });
    const end = (problem?: Error): void => {
      const chain = chainPEM(socket.getPeerCertificate(true));
      if (chain === '') reject(unreachable(host, port, problem ?? new Error('the server showed no certificate')));
      else resolve(handshakeOf(socket, chain, problem));
      socket.destroy();
    };
    socket.once('secureConnect', () => end());
    socket.once('timeout', () => end(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
    socket.once('error', end);
    signal.addEventListener('abort', () => end(new Error('stopped')), { once: true });
  });
}

function handshakeOf(socket: TLSSocket, chain: string, problem: Error | undefined): Handshake {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.standardName ?? 'unknown',
    chain,
    refusal: socket.authorized ? undefined : String(socket.authorizationError),
    interrupted: problem === undefined ? undefined : plainWords(problem),
  };
}

function unreachable(host: string, port: number, cause: Error): CodedError {
  return new CodedError('unreachable', `${host}:${port}: ${plainWords(cause)}`, {
    cause,
    hint: 'Check host and port, and that it speaks TLS there.',
  });
}

/** What a person makes more of than of the library's own words. */
function plainWords(cause: Error & { readonly code?: string; readonly reason?: string }): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
    ENOTFOUND: 'no such host (ENOTFOUND)',
    ECONNRESET: 'the server closed the connection during the handshake (ECONNRESET)',
    ERR_SSL_WRONG_VERSION_NUMBER: 'the answer is not TLS',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the answer is not TLS',
  };
  return words[cause.code ?? ''] ?? cause.reason ?? cause.message;
}

function chainPEM(first: Partial<DetailedPeerCertificate> | null): string {
  const seen = new Set<string>();
  let text = '';
  let current = first;
  while (current?.raw !== undefined && !seen.has(current.fingerprint256!)) {
    seen.add(current.fingerprint256!);
    const lines = current.raw.toString('base64').match(/.{1,64}/g) ?? [];
    text += `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    current = current.issuerCertificate ?? null;
  }
  return text;
}
