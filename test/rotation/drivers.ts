import { javaServer } from '../agent/java-server.ts';
import { haproxyServer, nginxServer, nodeServer } from '../agent/servers.ts';
import { peer } from '../peers/peer.ts';
import type { OpenServer } from './estate.ts';

export interface RealDriver {
  readonly name: string;
  readonly open: OpenServer;
  readonly options: { readonly skip: false | string };
}

const node = (type: 'hot' | 'http' | 'signal' | 'command'): RealDriver => ({
  name: `node-${type}`,
  open: (folder) => nodeServer(folder, type),
  options: peer('openssl'),
});

const java = (type: 'hot' | 'http' | 'signal'): RealDriver => ({
  name: `java-${type}`,
  open: (folder) => javaServer(folder, type),
  options: peer('openssl', 'java'),
});

/** Every way in which a real server comes to use what an agent brings. */
export const realDrivers = {
  nginx: { name: 'nginx', open: (folder) => nginxServer(folder), options: peer('openssl', 'nginx') },
  haproxyReload: {
    name: 'haproxy-reload',
    open: (folder) => haproxyServer(folder, false),
    options: peer('openssl', 'haproxy'),
  },
  haproxySocket: {
    name: 'haproxy-socket',
    open: (folder) => haproxyServer(folder, true),
    options: peer('openssl', 'haproxy'),
  },
  nodeHot: node('hot'),
  nodeHTTP: node('http'),
  nodeSignal: node('signal'),
  nodeCommand: node('command'),
  javaHot: java('hot'),
  javaHTTP: java('http'),
  javaSignal: java('signal'),
} satisfies Record<string, RealDriver>;
