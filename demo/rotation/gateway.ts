import { join } from 'node:path';
import { startGatewayNode, type GatewayNode } from '#edge/gateway';
import type { Draft } from '#model/objects';
import type { Workload } from '#model/resources';
import { kubeconfigAccess } from '../../bin/kubeconfig-access.ts';
import { freePort, type TestServerProcess } from '../../test/agent/servers.ts';
import { bundle, namespace, object } from './manifests.ts';
import { serverName } from './load/node-caller.ts';

/** Chancery's own gateway as one more server: callers show it certificates, and it shows one to the backend behind it. */

export const gateway = 'gateway';
export const backend = 'backend';

/** One node of the gateway; it needs no agent, and no files. */
export async function gatewayServer(folder: string): Promise<Omit<TestServerProcess, 'start'> & NodeStarter> {
  const port = await freePort();
  let node: GatewayNode | undefined;
  return {
    port,
    driver: 'gateway',
    reload: undefined,
    files: [],
    tellsAnchors: true,
    async startWith(kubeconfig) {
      node = await startGatewayNode({
        access: kubeconfigAccess(kubeconfig),
        gateway: { namespace, name: gateway },
        node: 'one',
        version: 'demo',
        host: '127.0.0.1',
        port,
        stateDirectory: join(folder, 'state'),
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      });
      await node.ready;
    },
    kill: async () => node?.stop(0),
  };
}

export interface NodeStarter {
  /** Starts the node with the identity of gateways. */
  startWith(kubeconfig: string): Promise<void>;
}

/** The gateway's stores, profiles and API: in front it asks for certificates, behind it shows its own. */
export function gatewayObjects(backendPort: number): Draft[] {
  const chancery = 'chancery.dev/v1';
  const stores = { keystoreRef: { name: gateway }, truststoreRef: { name: gateway } };
  const production = { url: `https://localhost:${backendPort}`, tlsClientProfileRef: { name: gateway } };
  const sni = [{ host: serverName, tlsServerProfileRef: { name: gateway } }];
  return [
    object(chancery, 'Keystore', gateway, { spec: { certificateRef: { name: gateway } } }),
    object(chancery, 'Truststore', gateway, { spec: { sources: [{ trustBundleRef: { name: bundle } }] } }),
    object(chancery, 'TLSServerProfile', gateway, { spec: { ...stores, mutualAuthentication: 'require' } }),
    object(chancery, 'TLSClientProfile', gateway, { spec: stores }),
    object(chancery, 'Gateway', gateway, { spec: { sni } }),
    object(chancery, 'API', gateway, { spec: { version: '1.0.0', basePath: '/', endpoints: { production } } }),
    object(chancery, 'Workload', gateway, { spec: gatewaySpec }),
  ];
}

const gatewaySpec: Workload['spec'] = {
  driver: 'gateway',
  gatewayRef: { name: gateway },
  presents: [{ name: 'own', keystoreRef: { name: gateway } }],
  trusts: [{ name: 'others', truststoreRef: { name: gateway } }],
  listens: [{ name: 'tls', serverName, presents: 'own', clientTrust: 'others', mutualAuthentication: 'require' }],
  connectsTo: [{ workload: backend, presents: 'own', trusts: 'others' }],
};
