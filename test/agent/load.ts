import { connect } from 'node:tls';
import { setImmediate as turn } from 'node:timers/promises';
import type { ClientIdentity } from '#edge/instances';

export interface Client extends ClientIdentity {
  readonly ca: string;
}

export interface Attempt {
  readonly isGood: boolean;
  readonly end: string;
  /** Fingerprint of the certificate that was shown. */
  readonly serial: string;
  /** `TLSv1.2` or `TLSv1.3`; empty when it did not come so far. */
  readonly version: string;
}

/** One full handshake with verification, and a request; good when it was answered with 200. */
export function attempt(port: number, { cert, key, ca }: Client, maxVersion?: 'TLSv1.2'): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'site.invalid',
      cert,
      key,
      ca,
      ...(maxVersion && { maxVersion }),
    });
    let answer = '';
    let [serial, version] = ['', ''];
    const finish = (end: string): void => {
      const isGood = answer.startsWith('HTTP/1') && / 200 /.test(answer.slice(0, 20));
      socket.destroy();
      resolve({ isGood, end, serial, version });
    };
    // Longer than a busy machine keeps a process waiting, shorter than the servers' own patience.
    socket.setTimeout(15_000, () => finish('timeout'));
    socket.once('secureConnect', () => {
      version = socket.getProtocol() ?? '';
      serial = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '';
      socket.write('GET / HTTP/1.1\r\nhost: site.invalid\r\nconnection: close\r\n\r\n');
    });
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (answer.includes('\r\n\r\n')) finish(answer.slice(0, 40));
    });
    socket.once('error', (error) => finish(error.message));
    socket.once('close', () => finish('closed'));
  });
}

/** Callers that connect one after the other until they are stopped. */
export class Load implements AsyncDisposable {
  total = 0;
  readonly failures: string[] = [];
  #isStopped = false;
  readonly #running: Promise<unknown>;

  constructor(port: number, client: () => Client, callers = 2) {
    this.#running = Promise.all(Array.from({ length: callers }, (_, at) => this.#call(port, client, at)));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #call(port: number, client: () => Client, at: number): Promise<void> {
    while (!this.#isStopped) {
      const { isGood, end } = await attempt(port, client(), at % 2 === 0 ? 'TLSv1.2' : undefined);
      this.total += 1;
      if (!isGood) this.failures.push(end);
      await turn();
    }
  }
}
