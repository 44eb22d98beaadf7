import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:tls';
import { connect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { waitFor } from '../../reloading/wait-for.ts';
import { askRuntime } from './runtime-socket.ts';
import { throwawayAuthority, type ThrowawayPair } from './throwaway-material.ts';

const patienceMilliseconds = 3000;

/** One HAProxy in a directory of its own, on sockets in it, with a frontend that asks for clients' certificates. */
export class TestBench implements AsyncDisposable {
  readonly socket: string;
  readonly site: string;
  readonly clientCA: string;
  readonly backendCA: string;
  readonly #directory: string;
  readonly #child: ChildProcess;
  readonly #backend: Server;

  private constructor(directory: string, child: ChildProcess, backend: Server) {
    this.#directory = directory;
    this.#child = child;
    this.#backend = backend;
    this.socket = join(directory, 'admin');
    this.site = join(directory, 'site.pem');
    this.clientCA = join(directory, 'clients.pem');
    this.backendCA = join(directory, 'backend.pem');
  }

  /** Undefined when the program does not come up so. */
  static async open(program: string, { site, clientCA }: { site: string; clientCA: string }, now: Date) {
    const directory = await mkdtemp(join(tmpdir(), 'chancery-haproxy-'));
    const authority = throwawayAuthority('backend', now);
    const own = authority.issue('backend.invalid');
    const backend = createServer({ cert: own.cert, key: own.key }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    });
    await once(backend.listen(join(directory, 'backend')), 'listening');
    await Promise.all([
      writeFile(join(directory, 'site.pem'), site, { mode: 0o600 }),
      writeFile(join(directory, 'clients.pem'), clientCA),
      writeFile(join(directory, 'backend.pem'), authority.pem),
      writeFile(join(directory, 'h.cfg'), configuration(directory)),
    ]);
    const child = spawn(program, ['-db', '-f', join(directory, 'h.cfg')], { stdio: 'ignore' });
    child.on('error', () => undefined);
    const bench = new TestBench(directory, child, backend);
    const isUp = await waitFor(async () => {
      if (child.exitCode !== null) return false;
      return (await askRuntime(bench.socket, 'show info').catch(() => '')) === '' ? undefined : true;
    }, patienceMilliseconds);
    if (isUp) return bench;
    await bench[Symbol.asyncDispose]();
    return undefined;
  }

  /** What a full handshake shows, and whether a request with that certificate is answered by the backend. */
  async call(client: ThrowawayPair | undefined): Promise<{ fingerprint: string | undefined; answer: string }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect({
      path: join(this.#directory, 'front'),
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
      ...(client === undefined ? {} : { cert: client.cert, key: client.key }),
    });
    let answer = '';
    let fingerprint: string | undefined;
    socket.setTimeout(patienceMilliseconds, () => socket.destroy());
    socket.once('secureConnect', () => {
      fingerprint = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
      socket.write('GET / HTTP/1.0\r\n\r\n');
    });
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    await promise;
    return { fingerprint, answer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.pid !== undefined) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit').catch(() => undefined);
    }
    this.#backend.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function configuration(directory: string): string {
  return `
global
  stats socket ${directory}/admin level admin
defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 2s
frontend front
  bind unix@${directory}/front ssl crt ${directory}/site.pem ca-file ${directory}/clients.pem verify required
  default_backend back
backend back
  server s unix@${directory}/backend ssl verify required ca-file ${directory}/backend.pem
`;
}
