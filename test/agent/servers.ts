import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workload } from '#model/resources';
import { findPeer } from '../peers/peer.ts';

/** A real server of the tests: how it is declared, and how it is started once its files are there. */
export interface TestServerProcess {
  readonly port: number;
  readonly driver: NonNullable<Workload['spec']['driver']>;
  readonly reload: Workload['spec']['reload'];
  readonly files: NonNullable<Workload['spec']['files']>;
  /** A Secret with the password of its stores, for servers that have some. */
  readonly password?: { readonly secretName: string; readonly value: string };
  /** Whether it tells strangers from clients whose authority it knows: then each anchor is seen. */
  readonly tellsAnchors: boolean;
  start(): Promise<void>;
  /** What it has printed. */
  said?(): string;
  /** Ends it without warning, workers too. */
  kill(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function untilListening(port: number): Promise<void> {
  for (let count = 0; count < 400; count += 1) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await delay(25);
  }
  throw new Error(`nothing listens on ${port}`);
}

/** A process with the children that it made, which are ended with it. */
export class ProcessGroup {
  #child: ChildProcess | undefined;
  output = '';

  async start(argv: readonly string[], port: number, env: NodeJS.ProcessEnv = process.env): Promise<void> {
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (this.output += bytes));
    this.#child = child;
    await untilListening(port).catch((error: Error) => {
      throw new Error(`${error.message}: ${this.output}`);
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGKILL');
    await once(child, 'exit');
  }
}

/** Certificate and key in one file, the authorities of clients in another. */
const combinedFiles = (folder: string): TestServerProcess['files'] => [
  { path: join(folder, 'site.pem'), content: 'certificate-and-key', of: 'own', format: 'pem' },
  { path: join(folder, 'clients.pem'), content: 'bundle', of: 'clients', format: 'pem' },
];

/** `directives` go into the block of the server. */
export async function nginxServer(folder: string, directives = ''): Promise<TestServerProcess> {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  const pidFile = join(folder, 'nginx.pid');
  const group = new ProcessGroup();
  writeFileSync(
    config,
    `daemon off; pid ${pidFile}; error_log ${folder}/error.log; worker_processes 2;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} ssl; ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${folder}/site.crt; ssl_certificate_key ${folder}/site.key;
    ssl_client_certificate ${folder}/clients.pem; ssl_verify_client on; ssl_session_cache shared:S:1m;
    ${directives}
    location / { return 200 "ok"; }
  }
}
`,
  );
  return {
    port,
    driver: 'nginx',
    reload: { type: 'engine', pidFile },
    files: [
      { path: join(folder, 'site.crt'), content: 'certificate', of: 'own', format: 'pem' },
      { path: join(folder, 'site.key'), content: 'key', of: 'own', format: 'pem' },
      { path: join(folder, 'clients.pem'), content: 'bundle', of: 'clients', format: 'pem' },
    ],
    tellsAnchors: false,
    start: () => group.start([findPeer('nginx')!, '-c', config, '-e', join(folder, 'error.log')], port),
    kill: () => group.kill(),
  };
}

export async function haproxyServer(folder: string, hasSocket: boolean): Promise<TestServerProcess> {
  const port = await freePort();
  const config = join(folder, 'haproxy.cfg');
  const pidFile = join(folder, 'haproxy.pid');
  const group = new ProcessGroup();
  writeFileSync(
    config,
    `global
${hasSocket ? `  stats socket ${folder}/admin level admin` : ''}
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend f
  bind 127.0.0.1:${port} ssl crt ${folder}/site.pem ca-file ${folder}/clients.pem verify required
  http-request return status 200
`,
  );
  return {
    port,
    driver: 'haproxy',
    reload: { type: 'engine', pidFile },
    files: combinedFiles(folder),
    tellsAnchors: true,
    start: async () => {
      await group.start([findPeer('haproxy')!, '-W', '-f', config, '-p', pidFile], port);
      while (!existsSync(pidFile)) await delay(10);
    },
    kill: () => group.kill(),
  };
}

/** A server in Node that reads its files when it starts; a script ends it and starts it anew. */
export async function restartedServer(folder: string): Promise<TestServerProcess> {
  const port = await freePort();
  const pidFile = join(folder, 'node.pid');
  const script = join(folder, 'restart.sh');
  const program = new URL('./file-reading-server.ts', import.meta.url).pathname;
  const start = [process.execPath, program, folder, String(port), 'signal', pidFile]
    .map((word) => `'${word}'`)
    .join(' ');
  writeFileSync(
    script,
    `[ ! -e ${pidFile} ] || kill -9 $(cat ${pidFile}); rm -f ${pidFile}
setsid ${start} >/dev/null 2>&1 </dev/null &
for try in $(seq 60); do [ -e ${pidFile} ] && exit 0; sleep 0.05; done
exit 1
`,
  );
  const command = ['/bin/sh', script];
  return {
    port,
    driver: 'files',
    reload: { type: 'restart', command },
    files: combinedFiles(folder),
    tellsAnchors: false,
    start: async () => {
      spawn(command[0]!, command.slice(1), { stdio: 'ignore' });
      await untilListening(port);
    },
    kill: async () => {
      if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    },
  };
}

/** A server in Node that is told of new files in the way that `reload` says. */
export async function nodeServer(
  folder: string,
  type: 'hot' | 'signal' | 'http' | 'command',
): Promise<TestServerProcess> {
  const port = await freePort();
  const hook = await freePort();
  const pidFile = join(folder, 'node.pid');
  const group = new ProcessGroup();
  const reload = {
    hot: { type, timeoutSeconds: 1 },
    signal: { type, pidFile, timeoutSeconds: 1 },
    http: { type, url: `http://127.0.0.1:${hook}/reload` },
    command: { type, command: ['/bin/bash', '-c', callOfHook(hook)] },
  }[type];
  const isHooked = type === 'http' || type === 'command';
  const program = new URL('./file-reading-server.ts', import.meta.url).pathname;
  return {
    port,
    driver: 'files',
    reload,
    files: combinedFiles(folder),
    tellsAnchors: false,
    start: () =>
      group.start(
        [process.execPath, program, folder, String(port), isHooked ? 'http' : type, isHooked ? String(hook) : pidFile],
        port,
      ),
    kill: () => group.kill(),
  };
}

/** As reload commands of people are: it calls the hook, fails when the server does, and leaves one alone that does not run. */
const callOfHook = (port: number): string =>
  `{ exec 3<>/dev/tcp/127.0.0.1/${port}; } 2>/dev/null || exit 0
printf 'POST / HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '`;
