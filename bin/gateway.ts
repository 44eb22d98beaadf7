import { hostname } from 'node:os';
import { resolve } from 'node:path';
import pino from 'pino';
import { exitCodes, type CliIO, type ExitCode, type GatewayVerbOptions } from '#edge/cli';
import { startGatewayNode } from '#edge/gateway';
import { CodedError } from '#errors';
import { kubeconfigAccess } from './kubeconfig-access.ts';
import { untilAborted } from './until-aborted.ts';

/** `chancery gateway`: one node in the foreground, until a signal ends it; running requests end first. */
export async function gateway(io: CliIO, options: GatewayVerbOptions, version: string): Promise<ExitCode> {
  const [namespace, name, ...rest] = options.gateway.split('/');
  if (!namespace || !name || rest.length > 0) throw notAGateway(options.gateway);
  const node = await startGatewayNode({
    access: kubeconfigAccess(resolve(io.cwd, options.kubeconfig)),
    gateway: { namespace, name },
    node: options.node ?? hostname().toLowerCase(),
    version,
    host: options.host,
    port: options.port,
    stateDirectory: resolve(io.cwd, options.stateDir),
    log: pino({ level: options.verbose ? 'info' : 'warn' }, pino.destination({ dest: 2, sync: true })),
  });
  try {
    const { host, port } = node.address;
    io.out(`Chancery ${version}: gateway ${options.gateway} on ${host.includes(':') ? `[${host}]` : host}:${port}\n`);
    await Promise.race([node.ready, untilAborted(io.signal)]);
    if (!io.signal.aborted) io.out('Ready.\n');
    await untilAborted(io.signal);
    io.out('Draining.\n');
    return exitCodes.done;
  } finally {
    await node.stop(options.drainSeconds * 1000);
  }
}

function notAGateway(text: string): CodedError {
  return new CodedError('bad-request', `"${text}" does not name a Gateway`, {
    field: '--gateway',
    hint: 'Give namespace and name, such as chancery-system/default.',
  });
}
