import { writeFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ApiClient } from '#edge/api';
import type { CliIO, UpOptions } from '#edge/cli';
import { startGatewayNode, type GatewayNode } from '#edge/gateway';
import type { Installation } from '#edge/installation';
import { isCoded } from '#errors';
import { apiKind, gatewayNodeKind, systemNamespace, type API, type GatewayNode as NodeObject } from '#model/resources';
import { kubeconfigAccess } from './kubeconfig-access.ts';

const usualPort = 8443;
const nodeName = 'embedded';

/** The gateway of `chancery up`: a node like any other, which sees the control plane through its API only. */
export async function startEmbeddedGateway(
  io: CliIO,
  options: UpOptions,
  { gatewayKubeconfig }: Installation,
  { directory, version, log }: { readonly directory: string; readonly version: string; readonly log: Logger },
): Promise<GatewayNode> {
  const start = (port: number): Promise<GatewayNode> =>
    startGatewayNode({
      access: kubeconfigAccess(gatewayKubeconfig),
      gateway: { namespace: systemNamespace, name: 'default' },
      node: nodeName,
      version,
      host: '127.0.0.1',
      port,
      stateDirectory: join(directory, 'gateway'),
      log,
    });
  if (options.gatewayPort !== undefined) return start(options.gatewayPort);
  return start(usualPort).catch((error: unknown) => {
    if (!isCoded(error, 'address-taken')) throw error;
    io.out(`Port ${usualPort} is taken, so the gateway takes a free one.\n`);
    return start(0);
  });
}

const longestWaitMilliseconds = 15_000;
const lookMilliseconds = 100;

/** Waits until the APIs are proven, or no longer, and answers what can be called and what cannot, for people. */
export async function describeGateway(
  io: CliIO,
  client: ApiClient,
  node: GatewayNode,
  directory: string,
): Promise<string> {
  const apis = await Array.fromAsync(client.each<API>(apiKind));
  const origin = `https://localhost:${node.address.port}`;
  if (apis.length === 0) return `Gateway on ${origin}: no APIs yet.\n`;
  const status = await waitUntilProven(client, apis.map(nameOf), io.signal);
  const open = (status?.endpoints ?? []).filter(({ state }) => state !== 'proven');
  const failing = open.map(
    ({ apis, state, message }) => `  ${state} ${apis.join(', ')}: ${message ?? 'not proven yet'}\n`,
  );
  const proven = open.length === 0 ? 'all proven by handshakes' : `${open.length} not proven`;
  const count = `${apis.length} ${apis.length === 1 ? 'API' : 'APIs'}`;
  return `${failing.join('')}Gateway on ${origin}: ${count}, ${proven}.\n${await callLine(apis, origin, node, directory)}`;
}

const nameOf = ({ metadata }: API): string => `${metadata.namespace ?? ''}/${metadata.name}`;

async function waitUntilProven(
  client: ApiClient,
  apis: readonly string[],
  signal: AbortSignal,
): Promise<NodeObject['status'] | undefined> {
  let status: NodeObject['status'];
  for (let waited = 0; waited < longestWaitMilliseconds && !signal.aborted; waited += lookMilliseconds) {
    ({ status } = await client
      .get<NodeObject>(gatewayNodeKind, nodeName, systemNamespace)
      .catch(() => ({ status: undefined })));
    const proven = new Set(status?.endpoints?.flatMap(({ state, apis }) => (state === 'proven' ? apis : [])));
    if (status !== undefined && apis.every((api) => proven.has(api))) return status;
    await delay(lookMilliseconds);
  }
  return status;
}

/** A command that works as it stands: the certificate that callers see is written beside it. */
async function callLine(apis: readonly API[], origin: string, node: GatewayNode, directory: string): Promise<string> {
  const certificates = await shownCertificates(node);
  const api = apis.find(({ spec }) => spec.type !== 'SOAP') ?? apis[0]!;
  if (certificates === '') return '';
  const path = join(directory, 'gateway.crt');
  await writeFile(path, certificates);
  return `\n  curl --cacert ${path} ${origin}${api.spec.basePath}/\n`;
}

/** What a caller of localhost is shown, as PEM; empty when that is nothing. */
function shownCertificates({ address }: GatewayNode): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, servername: 'localhost', rejectUnauthorized: false });
    const finish = (): void => {
      const shown = socket.getPeerX509Certificate()?.toString() ?? '';
      socket.destroy();
      resolve(shown);
    };
    socket.once('secureConnect', finish);
    socket.once('error', () => resolve(''));
  });
}
