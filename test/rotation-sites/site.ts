import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestServerProcess } from '../agent/servers.ts';
import { untilListening } from '../agent/servers.ts';
import type { Route } from '../rotation-kill/calls.ts';
import { identityOf } from '../rotation-kill/estate.ts';
import { addresses } from './namespaces.ts';

export type SiteName = keyof typeof addresses;

export const siteNames: readonly SiteName[] = ['north', 'south'];

/** What runs in both sites alike; each site has a folder and a loopback of its own. */
export interface SiteServer {
  readonly name: string;
  readonly server: Pick<TestServerProcess, 'port' | 'driver' | 'reload' | 'files'>;
  readonly start: readonly string[];
}

const program = new URL('../agent/file-reading-server.ts', import.meta.url).pathname;

/** A file-reading server that lies at `folder` in either site: it takes new files at a signal, or when it starts. */
export function siteServer(name: string, folder: string, port: number, how: 'signal' | 'restart'): SiteServer {
  const pidFile = join(folder, 'node.pid');
  const argv = [process.execPath, program, folder, String(port), 'signal', pidFile];
  const script = ['/bin/sh', join(folder, 'restart.sh')];
  const files: SiteServer['server']['files'] = [
    { path: join(folder, 'site.pem'), content: 'certificate-and-key', of: 'own', format: 'pem' },
    { path: join(folder, 'clients.pem'), content: 'bundle', of: 'clients', format: 'pem' },
  ];
  const reload: SiteServer['server']['reload'] =
    how === 'signal' ? { type: 'signal', pidFile, timeoutSeconds: 1 } : { type: 'restart', command: script };
  return { name, server: { port, driver: 'files', reload, files }, start: how === 'signal' ? argv : script };
}

/** Makes the folder of a server in the site where this process is, with what restarts it. */
export function furnish({ server: { port, files } }: SiteServer): void {
  const folder = join(files[0]!.path, '..');
  const pidFile = join(folder, 'node.pid');
  const argv = [process.execPath, program, folder, String(port), 'signal', pidFile].map((word) => `'${word}'`);
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'restart.sh');
  writeFileSync(
    script,
    `exec 9>${folder}/lock; flock 9
[ ! -e ${pidFile} ] || kill -9 $(cat ${pidFile}); rm -f ${pidFile}
setsid ${argv.join(' ')} >/dev/null 2>&1 </dev/null 9>&- &
for try in $(seq 400); do [ -e ${pidFile} ] && exit 0; sleep 0.05; done
exit 1
`,
  );
  chmodSync(script, 0o755);
}

/** Starts the server in the site where this process is, and makes it reachable from the other one. */
export async function open(site: SiteName, { server: { port }, start }: SiteServer): Promise<void> {
  spawn(start[0]!, start.slice(1), { stdio: 'ignore' });
  await untilListening(port);
  await Relay.listen(addresses[site], port, port);
}

/** From every server of a site to every other one, in both sites; `restarting` ones are away at times. */
export function routesFrom(site: SiteName, servers: readonly SiteServer[], restarting: readonly string[]): Route[] {
  return servers.flatMap((from) =>
    servers.flatMap((to) =>
      siteNames
        .filter((other) => other !== site || to !== from)
        .map((other) => ({
          name: `${from.name} ${site} to ${to.name} ${other}`,
          host: other === site ? '127.0.0.1' : addresses[other],
          port: to.server.port,
          identity: () => identityOf(from),
          needs: [...(other === site ? [] : ['link']), ...(restarting.includes(to.name) ? ['restarts'] : [])],
        })),
    ),
  );
}

/** Passes connections on, byte by byte: what listens on loopback only is reached from the other site through one. */
export class Relay {
  readonly #open = new Set<Socket>();

  static async listen(host: string, port: number, target: number): Promise<Relay> {
    const relay = new Relay();
    const server: Server = createServer((socket) => relay.#pass(socket, target));
    server.listen(port, host);
    await once(server, 'listening');
    return relay;
  }

  /** Forgets every connection; over a link that is cut, the other end never hears of it. */
  forget(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  #pass(socket: Socket, target: number): void {
    const onward = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
