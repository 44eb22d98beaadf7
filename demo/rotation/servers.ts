import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { haproxyServer, nginxServer, nodeServer, type TestServerProcess } from '../../test/agent/servers.ts';
import { findPeer } from '../../test/peers/peer.ts';
import type { DemoServer } from './manifests.ts';

type Open = (folder: string) => Promise<TestServerProcess>;

/** HAProxy, NGINX and a file-reading server in Node, as far as they are there; not started yet. */
export async function findServers(folder: string): Promise<DemoServer[]> {
  const known: readonly (readonly [name: string, isThere: boolean, open: Open])[] = [
    ['haproxy', findPeer('haproxy') !== undefined, (own) => haproxyServer(own, true)],
    ['nginx', findPeer('nginx') !== undefined, nginxServer],
    ['files', true, (own) => nodeServer(own, 'signal')],
  ];
  const servers: DemoServer[] = [];
  for (const [name, isThere, open] of known) {
    if (!isThere) continue;
    const own = join(folder, name);
    mkdirSync(own);
    servers.push({ name, process: await open(own) });
  }
  return servers;
}
