import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { haproxyServer, nginxServer, nodeServer, type TestServerProcess } from '../../test/agent/servers.ts';
import { findPeer } from '../../test/peers/peer.ts';
import { backend, gateway, gatewayServer } from './gateway.ts';
import type { DemoServer } from './manifests.ts';

type Open = (folder: string) => Promise<TestServerProcess>;

/**
 * HAProxy, NGINX and a file-reading server in Node, as far as they are there, the gateway, and another such server behind
 * it, which nobody else calls; not started yet. `kubeconfig` is that of gateway nodes.
 */
export async function findServers(folder: string, kubeconfig: string): Promise<DemoServer[]> {
  const asProcess = async (own: string): Promise<TestServerProcess> => {
    const front = await gatewayServer(own);
    return { ...front, start: () => front.startWith(kubeconfig) };
  };
  const known: readonly (readonly [name: string, isThere: boolean, open: Open])[] = [
    ['haproxy', findPeer('haproxy') !== undefined, (own) => haproxyServer(own, true)],
    ['nginx', findPeer('nginx') !== undefined, nginxServer],
    ['files', true, (own) => nodeServer(own, 'signal')],
    [backend, true, (own) => nodeServer(own, 'signal')],
    [gateway, true, asProcess],
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
