import { connect, type TLSSocket } from 'node:tls';
import type { ClientIdentity } from '#edge/instances';

/** A listener as its clients call it. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** Undefined: no SNI. */
  readonly serverName: string | undefined;
}

export interface ShakeOptions {
  readonly identity?: ClientIdentity | undefined;
  readonly timeoutMilliseconds: number;
  /** A session of an earlier connection, to see whether the server takes it. */
  readonly session?: Buffer | undefined;
  readonly maxVersion?: 'TLSv1.2' | undefined;
  /** Also wait for what the server makes of the client: with TLS 1.3 it says so after the handshake. */
  readonly waitsForAnswer?: boolean;
}

/** What the server made of the client. */
export type Reception =
  /** It answered, or kept the connection. */
  | 'accepted'
  /** It does not know who issued the client's certificate. */
  | 'unknown-authority'
  /** It knows the authority, which did not sign. */
  | 'bad-signature'
  /** It ended the connection, or said that it wants another certificate, and not why. */
  | 'refused'
  /** There was no handshake to speak of. */
  | 'unreachable';

export interface Shaken {
  /** SHA-256 of the certificate that was shown, lower-case hexadecimal; undefined for a resumed session. */
  readonly fingerprint: string | undefined;
  readonly reception: Reception;
  /** How it ended, for people. */
  readonly end: string;
  readonly isResumed: boolean;
  /** The newest session that the server gave. */
  readonly session: Buffer | undefined;
}

/** Whatever the server offers, the probe can speak it: it wants to see the certificate, not to be safe. */
const everySuite =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:ALL:@SECLEVEL=0';

/** How long a server of which nothing is heard has kept a client, which is a way of accepting it. */
const patienceMilliseconds = 400;

const longestAnswer = 4096;
const statusLine = /^HTTP\/1\.[01] (\d{3})/;

/** One connection from outside. Verifies nothing; never fails. */
export function shake(target: ProbeTarget, options: ShakeOptions): Promise<Shaken> {
  return new Promise((resolve) => new Handshake(target, options, resolve));
}

class Handshake {
  readonly #socket: TLSSocket;
  readonly #options: ShakeOptions;
  readonly #resolve: (shaken: Shaken) => void;
  #timer: NodeJS.Timeout;
  #fingerprint: string | undefined;
  #session: Buffer | undefined;
  #answer = '';
  #isSecure = false;
  #isOver = false;

  constructor({ host, port, serverName }: ProbeTarget, options: ShakeOptions, resolve: (shaken: Shaken) => void) {
    this.#options = options;
    this.#resolve = resolve;
    const { identity, session, timeoutMilliseconds, maxVersion } = options;
    const socket = connect({
      host,
      port,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...identity,
      ...(session === undefined ? {} : { session }),
      ...(maxVersion === undefined ? {} : { maxVersion }),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: everySuite,
    });
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#late(), timeoutMilliseconds);
    socket.on('session', (given: Buffer) => (this.#session = given));
    socket.once('secureConnect', () => this.#secured());
    socket.on('data', (bytes: Buffer) => this.#answered(bytes));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#finish(receptionOf(error, this.#isSecure), error.message),
    );
    socket.once('end', () => this.#ended());
    socket.once('close', () => this.#ended());
  }

  #secured(): void {
    this.#isSecure = true;
    this.#fingerprint = this.#socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
    if (this.#options.waitsForAnswer !== true) {
      // The tickets of TLS 1.3 follow the handshake.
      setTimeout(() => this.#finish('accepted', 'connected'), this.#session === undefined ? 20 : 0);
      return;
    }
    const { servername } = this.#socket as TLSSocket & { servername?: string | false };
    this.#socket.write(`GET / HTTP/1.1\r\nhost: ${servername || 'localhost'}\r\nconnection: close\r\n\r\n`);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#outwaited(), patienceMilliseconds);
  }

  /** A refusal is told from its whole page; of everything else the first line says enough. */
  #answered(bytes: Buffer): void {
    this.#answer = (this.#answer + bytes.toString('latin1')).slice(0, longestAnswer);
    const [, code = ''] = statusLine.exec(this.#answer) ?? [];
    if ((code !== '' && code !== '400') || this.#answer.length >= longestAnswer) this.#judgeAnswer();
  }

  /** NGINX completes the handshake and refuses the client by HTTP: 400 with a page that says so, or 495 and 496. */
  #judgeAnswer(): void {
    const [, code = ''] = statusLine.exec(this.#answer) ?? [];
    const isRefusal = code === '495' || code === '496' || (code === '400' && /SSL certificate/i.test(this.#answer));
    this.#finish(isRefusal ? 'refused' : 'accepted', code === '' ? 'it answered' : `it answered HTTP ${code}`);
  }

  #ended(): void {
    if (this.#answer !== '') return this.#judgeAnswer();
    this.#finish(this.#isSecure ? 'refused' : 'unreachable', 'the connection was closed');
  }

  #outwaited(): void {
    if (this.#answer === '') this.#finish('accepted', 'the connection was kept');
    else this.#judgeAnswer();
  }

  #late(): void {
    this.#finish('unreachable', `no end of the handshake within ${this.#options.timeoutMilliseconds} ms`);
  }

  #finish(reception: Reception, end: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const isResumed = this.#socket.isSessionReused();
    this.#socket.destroy();
    this.#resolve({ fingerprint: this.#fingerprint, reception, end, isResumed, session: this.#session });
  }
}

const connectionFailures = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** By the alert that the server sent, as OpenSSL names it (RFC 8446 6.2). */
function receptionOf({ code = '', message }: NodeJS.ErrnoException, isSecure: boolean): Reception {
  if (connectionFailures.has(code)) return 'unreachable';
  const text = `${code} ${message}`.toUpperCase().replaceAll(' ', '_');
  if (text.includes('UNKNOWN_CA')) return 'unknown-authority';
  if (text.includes('DECRYPT_ERROR')) return 'bad-signature';
  return isSecure || text.includes('ALERT') || code === 'ECONNRESET' || code === 'EPIPE' ? 'refused' : 'unreachable';
}
