import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer, type SecureContext, type TLSSocket } from 'node:tls';

/** A certificate with its key and what the other side is checked with, as a server holds it; PEM. */
export interface Material {
  readonly cert: string;
  readonly key: string;
  readonly ca: readonly string[];
}

/** TLS 1.3 with X25519 and AES-128, and nothing else. */
export function contextOf({ cert, key, ca }: Material): SecureContext {
  return createSecureContext({
    cert,
    key,
    ca: [...ca],
    minVersion: 'TLSv1.3',
    ecdhCurve: 'X25519',
    ciphers: 'TLS_AES_128_GCM_SHA256',
  });
}

/** What both sides have seen in a handshake. */
export interface Greeting {
  /** SHA-256 of the server's certificate, lower-case hexadecimal. */
  readonly shown: string;
  /** The server's verdict: fingerprint of the client's certificate, or `!` and OpenSSL's reason for refusing it. */
  readonly verdict: string;
}

const timeoutMilliseconds = 10_000;

/** Every host of one fleet process, on one port of this machine; each shows its own certificate and trusts its own set. */
export class Hosts {
  readonly #contextOf: (host: string) => SecureContext | undefined;
  readonly #server = createServer({
    requestCert: true,
    // Whom it refuses it tells why.
    rejectUnauthorized: false,
    SNICallback: (host, answer) => {
      const context = this.#contextOf(host);
      if (context === undefined) answer(new Error(`nobody serves ${host}`));
      else answer(null, context);
    },
  });

  constructor(contextAt: (host: string) => SecureContext | undefined) {
    this.#contextOf = contextAt;
    this.#server.on('tlsClientError', () => undefined);
    this.#server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      const { authorized, authorizationError } = socket;
      socket.end(authorized ? fingerprintOf(socket) : `!${String(authorizationError)}`);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1', 4096);
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.close();
  }

  /** One full mutual handshake with a host; the client checks chain and name. Fails with the reason. */
  greet(host: string, secureContext: SecureContext): Promise<Greeting> {
    const { port } = this.#server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, servername: host, secureContext });
      let verdict = '';
      let shown = '';
      socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error('timeout')));
      socket.once('secureConnect', () => {
        if (socket.isSessionReused()) socket.destroy(new Error('resumed'));
        else shown = fingerprintOf(socket);
      });
      socket.on('data', (bytes: Buffer) => (verdict += bytes.toString('latin1')));
      socket.once('end', () => socket.destroy());
      socket.once('error', reject);
      socket.once('close', () => (verdict === '' ? reject(new Error('closed')) : resolve({ shown, verdict })));
    });
  }
}

const fingerprintOf = (socket: TLSSocket): string =>
  socket.getPeerX509Certificate()!.fingerprint256.replaceAll(':', '').toLowerCase();
