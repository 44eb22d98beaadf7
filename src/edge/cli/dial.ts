import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { CodedError } from '#errors';
import type { Source } from '#pki/inspect';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Sent as SNI, unless it is an address. */
  readonly serverName: string;
}

/** What a TLS server showed. */
export interface Presented {
  readonly protocol: string;
  readonly cipher: string;
  /** What the system's own trust store says of it: `trusted`, or why not. */
  readonly verdict: string;
  readonly source: Source;
}

/** `HOST:PORT`, `[IPv6]:PORT`; undefined when `text` is neither. */
export function parseEndpoint(text: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  return match === null || port < 1 || port > 65_535 ? undefined : { host: (match[1] ?? match[2])!, port };
}

const timeoutMilliseconds = 10_000;

/** Makes a handshake and answers the certificates that the server showed, trusting them or not. Fails with unreachable. */
export function dial(endpoint: Endpoint, signal: AbortSignal): Promise<Presented> {
  const { host, port, serverName } = endpoint;
  const servername = /^[\d.]+$|:/.test(serverName) ? undefined : serverName;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      servername,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      timeout: timeoutMilliseconds,
    });
    const fail = (message: string, cause?: unknown): void => {
      socket.destroy();
      reject(
        new CodedError('unreachable', `${host}:${port}: ${message}`, {
          cause,
          hint: 'Check host and port, and that it speaks TLS there.',
        }),
      );
    };
    socket.once('secureConnect', () => {
      resolve(presented(socket, endpoint));
      socket.end();
    });
    socket.once('timeout', () => fail(`no answer within ${timeoutMilliseconds / 1000} s`));
    socket.once('error', (error) => fail(error.message, error));
    signal.addEventListener('abort', () => fail('stopped'), { once: true });
  });
}

function presented(socket: TLSSocket, { host, port }: Endpoint): Presented {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    verdict: socket.authorized ? 'trusted' : `not trusted: ${String(socket.authorizationError)}`,
    source: { name: `${host}:${port}`, bytes: new TextEncoder().encode(chainPEM(socket.getPeerCertificate(true))) },
  };
}

function chainPEM(first: DetailedPeerCertificate): string {
  const seen = new Set<string>();
  let text = '';
  let current: DetailedPeerCertificate | undefined = first;
  while (current?.raw !== undefined && !seen.has(current.fingerprint256)) {
    seen.add(current.fingerprint256);
    const lines = current.raw.toString('base64').match(/.{1,64}/g) ?? [];
    text += `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    current = current.issuerCertificate;
  }
  return text;
}
